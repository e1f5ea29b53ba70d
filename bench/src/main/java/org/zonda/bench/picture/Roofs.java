package org.zonda.bench.picture;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.zonda.bench.Hardware;
import org.zonda.bench.MachineFigures;
import org.zonda.bench.picture.Roofline.Roof;

/** The limits of a machine as roofs, and which of them is above a kernel. */
public final class Roofs {

  /** Floats of 32 bits, by the Vector API. */
  public static final String F32 = "f32";

  /** Integers of 8 bits, by machine code. */
  public static final String INT8 = "int8";

  /** Tiles of bfloat16, by machine code. */
  public static final String BF16 = "bf16";

  /** Rows of activations from which on the CPU multiplies in tiles. */
  public static final int MANY_TOKENS = 32;

  private Roofs() {}

  /**
   * What the processor allows.
   *
   * @param figures of it
   * @return {@link #F32}, and of the others what was measured; none if the memory's speed is not
   *     known
   */
  public static List<Roof> of(MachineFigures figures) {
    if (figures.read().best().isEmpty()) {
      return List.of();
    }
    double read = figures.read().best().getAsDouble();
    List<Roof> roofs = new ArrayList<>();
    roofs.add(new Roof(F32, read, figures.float32().best()));
    add(roofs, INT8, read, figures.int8().best());
    add(roofs, BF16, read, figures.bf16().best());
    return roofs;
  }

  private static void add(List<Roof> roofs, String name, double read, OptionalDouble peak) {
    if (peak.isPresent()) {
      roofs.add(new Roof(name, read, peak));
    }
  }

  /**
   * The roof above a kernel. The CPU multiplies rounded activations with the weights of quantised
   * formats, as bytes or, many at once, in tiles of bfloat16, and all else in floats. A device's
   * kernels are under what was measured of the device.
   *
   * @param roofs of the machine
   * @param hardware what runs the kernel
   * @param format of the weights, such as {@code Q8_0}; {@code F32} where there are none
   * @param tokens rows of activations
   * @return one of the roofs, the highest that such a kernel can reach; empty where there is none
   */
  public static Optional<Roof> above(
      List<Roof> roofs, Hardware hardware, String format, int tokens) {
    if (hardware != Hardware.PROCESSOR) {
      return hardware.claimsSpeed() ? roofs.stream().findFirst() : Optional.empty();
    }
    boolean many = tokens >= MANY_TOKENS;
    List<String> names =
        switch (format.toUpperCase(Locale.ROOT)) {
          case "F32", "F16" -> List.of(F32);
          case "BF16" -> many ? List.of(F32, BF16) : List.of(F32);
          default -> many ? List.of(F32, INT8, BF16) : List.of(F32, INT8);
        };
    Stream<Roof> possible = roofs.stream().filter(roof -> names.contains(roof.name()));
    return possible.max(Comparator.comparingDouble(roof -> roof.multiplyAddsPerSecond().orElse(0)));
  }
}

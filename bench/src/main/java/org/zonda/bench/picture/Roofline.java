package org.zonda.bench.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.zonda.bench.Spread;

/**
 * What kernels reach of what the machine allows (Williams, Waterman and Patterson, Roofline, 2009):
 * multiply-adds a second over multiply-adds a byte, both axes logarithmic.
 *
 * @param title what is shown
 * @param note may be empty
 * @param roofs limits of the machine, no two of the same name
 * @param kernels what was measured
 */
public record Roofline(String title, String note, List<Roof> roofs, List<Kernel> kernels)
    implements Picture {

  /** Takes copies. A kernel under a roof that is not there is refused. */
  public Roofline {
    roofs = List.copyOf(roofs);
    kernels = List.copyOf(kernels);
    List<String> names = roofs.stream().map(Roof::name).toList();
    if (names.stream().distinct().count() < names.size()) {
      throw new IllegalArgumentException("two roofs of one name among " + names);
    }
    for (Kernel kernel : kernels) {
      if (kernel.roof().isPresent() && !names.contains(kernel.roof().get())) {
        throw new IllegalArgumentException(
            "%s is under roof %s, but there are only %s"
                .formatted(kernel.name(), kernel.roof().get(), names));
      }
    }
  }

  /**
   * What nothing can be faster than.
   *
   * @param name such as {@code f32} or {@code int8}
   * @param bytesPerSecond of reading memory
   * @param multiplyAddsPerSecond of computing; empty where unknown
   */
  public record Roof(String name, double bytesPerSecond, OptionalDouble multiplyAddsPerSecond) {

    /** Speeds must be positive. */
    public Roof {
      check(name, bytesPerSecond);
      multiplyAddsPerSecond.ifPresent(speed -> check(name, speed));
    }

    private static void check(String name, double speed) {
      if (speed == 0 || !Figures.drawable(speed)) {
        throw new IllegalArgumentException("roof " + name + " has the speed " + speed);
      }
    }

    /**
     * The limit.
     *
     * @param intensity multiply-adds for each byte
     * @return multiply-adds a second
     */
    public double at(double intensity) {
      return Math.min(
          bytesPerSecond * intensity, multiplyAddsPerSecond.orElse(Double.POSITIVE_INFINITY));
    }
  }

  /**
   * A kernel that was measured.
   *
   * @param name short, since it stands beside its dot
   * @param intensity multiply-adds for each byte that must be read or written
   * @param multiplyAddsPerSecond what it reached
   * @param roof name of the roof that limits it; empty where none is known
   */
  public record Kernel(
      String name, double intensity, Spread multiplyAddsPerSecond, Optional<String> roof) {

    /** Whether it has a place on logarithmic axes. */
    boolean drawable() {
      return intensity > 0
          && Figures.drawable(intensity)
          && Figures.drawableInLog(multiplyAddsPerSecond);
    }
  }

  /**
   * What a kernel reached of its roof.
   *
   * @param kernel one of these
   * @return 1 for all of it; empty where it has no roof
   */
  public OptionalDouble share(Kernel kernel) {
    return roofs.stream()
        .filter(roof -> kernel.roof().equals(Optional.of(roof.name())))
        .mapToDouble(roof -> kernel.multiplyAddsPerSecond().median() / roof.at(kernel.intensity()))
        .findFirst();
  }

  @Override
  public String toSvg() {
    return new RooflineDrawing(this).toSvg();
  }

  @Override
  public Table table() {
    List<List<String>> rows = new ArrayList<>();
    for (Roof roof : roofs) {
      List<String> row = new ArrayList<>(List.of("roof " + roof.name(), Figures.NONE));
      row.add(
          roof.multiplyAddsPerSecond().isEmpty()
              ? Figures.NONE
              : Figures.of(roof.multiplyAddsPerSecond().getAsDouble() * 1e-9));
      row.addAll(List.of(Figures.NONE, Figures.NONE));
      row.addAll(List.of(Figures.of(roof.bytesPerSecond() * 1e-9), Figures.NONE, Figures.NONE));
      rows.add(row);
    }
    kernels.forEach(kernel -> rows.add(row(kernel)));
    return new Table(
        title,
        List.of("kernel", "MAC/byte", "GMAC/s", "min", "max", "GB/s", "roof", "of the roof"),
        rows);
  }

  private List<String> row(Kernel kernel) {
    Spread giga = giga(kernel.multiplyAddsPerSecond());
    OptionalDouble share = share(kernel);
    return List.of(
        kernel.name(),
        Figures.of(kernel.intensity()),
        Figures.of(giga.median()),
        Figures.min(giga),
        Figures.max(giga),
        Figures.of(giga.median() / kernel.intensity()),
        kernel.roof().orElse(Figures.NONE),
        share.isEmpty() ? Figures.NONE : Figures.percent(share.getAsDouble()));
  }

  static Spread giga(Spread spread) {
    return new Spread(spread.values().stream().map(value -> value * 1e-9).toList());
  }
}

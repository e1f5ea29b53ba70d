package org.zonda.bench.lab;

import java.util.List;
import java.util.Random;
import org.zonda.kernels.BF16Kernels;
import org.zonda.kernels.F16Kernels;
import org.zonda.kernels.F32Kernels;
import org.zonda.kernels.PackedKernels;
import org.zonda.kernels.PackedLayout;
import org.zonda.kernels.Q4_0Kernels;
import org.zonda.kernels.Q4_KKernels;
import org.zonda.kernels.Q6_KKernels;
import org.zonda.kernels.Q8_0Kernels;
import org.zonda.kernels.oracle.MatrixValues;
import org.zonda.kernels.oracle.PackedValues;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * A format of weights: its kernels, and random planes of it.
 *
 * @param name as in ids, such as {@code q8_0}
 * @param kernels the class of its kernels
 * @param values the method of the oracles that says what its planes mean: class and name
 * @param block what the number of columns is a multiple of
 * @param planes each of its planes
 * @param meaning what the planes mean
 * @param layout of {@link PackedLayout}; -1 where the format has kernels of its own
 */
record MatrixFormat(
    String name,
    Class<?> kernels,
    String values,
    int block,
    List<PlaneSize> planes,
    Meaning meaning,
    int layout) {

  private static final int NONE = -1;

  /** What a plane has: its name, its kind, and how many elements for so many weights. */
  record PlaneSize(String name, Kind kind, int elements, int weights) {
    int size(int all) {
      return Math.max(1, Math.ceilDiv(Math.multiplyExact(elements, all), weights));
    }
  }

  /** The kinds of planes. */
  enum Kind {
    /** Words of packed numbers. */
    WORDS("IntArray"),
    /** Words of four exponents, of which those near 127 keep values in range. */
    EXPONENTS("IntArray"),
    /** Two bfloat16 a word. */
    BFLOATS("IntArray"),
    HALVES("HalfFloatArray"),
    FLOATS("FloatArray"),
    /** One element, for what a format lacks. */
    NO_WORDS("IntArray"),
    NO_HALVES("HalfFloatArray");

    private final String type;

    Kind(String type) {
      this.type = type;
    }

    String type() {
      return type;
    }
  }

  /** The values of planes, which come in the order of the kernels' parameters. */
  @FunctionalInterface
  interface Meaning {
    MatrixValues of(Object[] planes, int columns);
  }

  /** How weights are made up. */
  enum Bits {
    RANDOM,
    /** Words in which all numbers are the largest, the smallest or zero. */
    EXTREME
  }

  static final List<MatrixFormat> ALL =
      List.of(
          new MatrixFormat(
              "f32",
              F32Kernels.class,
              "MatrixValues.f32",
              34,
              List.of(new PlaneSize("w", Kind.FLOATS, 1, 1)),
              (p, columns) -> MatrixValues.f32((FloatArray) p[0], columns),
              NONE),
          new MatrixFormat(
              "f16",
              F16Kernels.class,
              "MatrixValues.f16",
              34,
              List.of(new PlaneSize("w", Kind.HALVES, 1, 1)),
              (p, columns) -> MatrixValues.f16((HalfFloatArray) p[0], columns),
              NONE),
          new MatrixFormat(
              "bf16",
              BF16Kernels.class,
              "MatrixValues.bf16",
              34,
              List.of(new PlaneSize("w", Kind.BFLOATS, 1, 2)),
              (p, columns) -> MatrixValues.bf16((IntArray) p[0], columns),
              NONE),
          new MatrixFormat(
              "q8_0",
              Q8_0Kernels.class,
              "MatrixValues.q8_0",
              32,
              List.of(words("q", 1, 4), halves("d", 1, 32)),
              (p, columns) -> MatrixValues.q8_0(ints(p[0]), halves(p[1]), columns),
              NONE),
          new MatrixFormat(
              "q4_0",
              Q4_0Kernels.class,
              "MatrixValues.q4_0",
              32,
              List.of(words("q", 1, 8), halves("d", 1, 32)),
              (p, columns) -> MatrixValues.q4_0(ints(p[0]), halves(p[1]), columns),
              NONE),
          new MatrixFormat(
              "q4_k",
              Q4_KKernels.class,
              "MatrixValues.q4_K",
              256,
              List.of(words("q", 1, 8), words("s", 3, 256), halves("d", 1, 128)),
              (p, columns) -> MatrixValues.q4_K(ints(p[0]), ints(p[1]), halves(p[2]), columns),
              NONE),
          new MatrixFormat(
              "q6_k",
              Q6_KKernels.class,
              "MatrixValues.q6_K",
              256,
              List.of(
                  words("low", 1, 8), words("high", 1, 16), words("s", 1, 64), halves("d", 1, 256)),
              (p, columns) ->
                  MatrixValues.q6_K(ints(p[0]), ints(p[1]), ints(p[2]), halves(p[3]), columns),
              NONE),
          packed(
              "q4_1",
              32,
              words("low", 1, 8),
              null,
              null,
              halves("d", 1, 16),
              (p, columns) -> PackedValues.q4_1(ints(p[0]), halves(p[3]), columns),
              PackedLayout.Q4_1),
          packed(
              "q5_0",
              32,
              words("low", 1, 8),
              words("high", 1, 32),
              null,
              halves("d", 1, 32),
              (p, columns) -> PackedValues.q5_0(ints(p[0]), ints(p[1]), halves(p[3]), columns),
              PackedLayout.Q5_0),
          packed(
              "q5_1",
              32,
              words("low", 1, 8),
              words("high", 1, 32),
              null,
              halves("d", 1, 16),
              (p, columns) -> PackedValues.q5_1(ints(p[0]), ints(p[1]), halves(p[3]), columns),
              PackedLayout.Q5_1),
          packed(
              "q2_k",
              256,
              words("low", 1, 16),
              null,
              words("s", 1, 64),
              halves("d", 1, 128),
              (p, columns) -> PackedValues.q2_K(ints(p[0]), ints(p[2]), halves(p[3]), columns),
              PackedLayout.Q2_K),
          packed(
              "q3_k",
              256,
              words("low", 1, 16),
              words("high", 1, 32),
              words("s", 3, 256),
              halves("d", 1, 256),
              (p, columns) ->
                  PackedValues.q3_K(ints(p[0]), ints(p[1]), ints(p[2]), halves(p[3]), columns),
              PackedLayout.Q3_K),
          packed(
              "q5_k",
              256,
              words("low", 1, 8),
              words("high", 1, 32),
              words("s", 3, 256),
              halves("d", 1, 128),
              (p, columns) ->
                  PackedValues.q5_K(ints(p[0]), ints(p[1]), ints(p[2]), halves(p[3]), columns),
              PackedLayout.Q5_K),
          packed(
              "iq4_nl",
              32,
              words("low", 1, 8),
              null,
              null,
              halves("d", 1, 32),
              (p, columns) -> PackedValues.iq4_NL(ints(p[0]), halves(p[3]), columns),
              PackedLayout.IQ4_NL),
          packed(
              "iq4_xs",
              256,
              words("low", 1, 8),
              null,
              words("s", 6, 1024),
              halves("d", 1, 256),
              (p, columns) -> PackedValues.iq4_XS(ints(p[0]), ints(p[2]), halves(p[3]), columns),
              PackedLayout.IQ4_XS),
          packed(
              "mxfp4",
              32,
              words("low", 1, 8),
              null,
              new PlaneSize("s", Kind.EXPONENTS, 1, 128),
              null,
              (p, columns) -> PackedValues.mxfp4(ints(p[0]), ints(p[2]), columns),
              PackedLayout.MXFP4));

  private static MatrixFormat packed(
      String name,
      int block,
      PlaneSize low,
      PlaneSize high,
      PlaneSize s,
      PlaneSize d,
      Meaning meaning,
      int layout) {
    return new MatrixFormat(
        name,
        PackedKernels.class,
        "PackedValues." + name,
        block,
        List.of(
            low,
            high == null ? new PlaneSize("high", Kind.NO_WORDS, 0, 1) : high,
            s == null ? new PlaneSize("s", Kind.NO_WORDS, 0, 1) : s,
            d == null ? new PlaneSize("d", Kind.NO_HALVES, 0, 1) : d),
        meaning,
        layout);
  }

  private static PlaneSize words(String name, int elements, int weights) {
    return new PlaneSize(name, Kind.WORDS, elements, weights);
  }

  private static PlaneSize halves(String name, int elements, int weights) {
    return new PlaneSize(name, Kind.HALVES, elements, weights);
  }

  private static IntArray ints(Object plane) {
    return (IntArray) plane;
  }

  private static HalfFloatArray halves(Object plane) {
    return (HalfFloatArray) plane;
  }

  /** Whether kernels call a plane of weights so. */
  static boolean isPlane(String name) {
    return ALL.stream()
        .flatMap(format -> format.planes.stream())
        .anyMatch(p -> p.name.equals(name));
  }

  /** Whether its kernels are those that all packed formats share. */
  boolean isPacked() {
    return layout != NONE;
  }

  /** Bytes that the planes take for a row of 256 columns. */
  int bytesOf256() {
    int bytes = 0;
    for (PlaneSize plane : planes) {
      bytes +=
          switch (plane.kind) {
            case WORDS, EXPONENTS, BFLOATS, FLOATS -> 4 * 256 * plane.elements / plane.weights;
            case HALVES -> 2 * 256 * plane.elements / plane.weights;
            case NO_WORDS, NO_HALVES -> 0;
          };
    }
    return bytes;
  }

  /** The planes of so many weights, in the order of the kernels' parameters. */
  Object[] random(int weights, Bits bits, Random random) {
    Object[] made = new Object[planes.size()];
    for (int i = 0; i < made.length; i++) {
      made[i] = plane(planes.get(i), weights, bits, random);
    }
    return made;
  }

  private Object plane(PlaneSize plane, int weights, Bits bits, Random random) {
    int size = plane.size(weights);
    return switch (plane.kind) {
      case WORDS -> words(size, bits, random);
      case EXPONENTS -> exponents(size, random);
      case BFLOATS -> bfloats(size, random);
      case HALVES -> scales(size, random);
      case FLOATS -> {
        FloatArray floats = new FloatArray(size);
        for (int i = 0; i < size; i++) {
          floats.set(i, 0.1f * (float) random.nextGaussian());
        }
        yield floats;
      }
      case NO_WORDS -> new IntArray(1);
      case NO_HALVES -> scales(1, random);
    };
  }

  /** Weights near 0.1; a scale multiplies numbers of several bits and perhaps another scale. */
  private HalfFloatArray scales(int size, Random random) {
    float deviation =
        switch (name) {
          case "f16" -> 0.1f;
          case "q8_0", "iq4_nl", "q3_k" -> 0.001f;
          case "q4_k", "q5_k", "iq4_xs" -> 0.0001f;
          case "q6_k" -> 0.00003f;
          default -> 0.01f;
        };
    return Inputs.halves(size, deviation, random);
  }

  private static IntArray words(int size, Bits bits, Random random) {
    int[] extremes = {0, -1, 0x80808080, 0x7F7F7F7F, 0x88888888, 0x77777777};
    IntArray words = new IntArray(size);
    for (int i = 0; i < size; i++) {
      words.set(
          i, bits == Bits.EXTREME ? extremes[random.nextInt(extremes.length)] : random.nextInt());
    }
    return words;
  }

  /** Powers of two from 2^-8 to 2^-5. */
  private static IntArray exponents(int size, Random random) {
    IntArray words = new IntArray(size);
    for (int i = 0; i < size; i++) {
      words.set(i, 0x77777777 + (random.nextInt() & 0x03030303));
    }
    return words;
  }

  private static IntArray bfloats(int size, Random random) {
    IntArray words = new IntArray(size);
    for (int i = 0; i < size; i++) {
      int low = Float.floatToIntBits(0.1f * (float) random.nextGaussian()) >>> 16;
      int high = Float.floatToIntBits(0.1f * (float) random.nextGaussian()) >>> 16;
      words.set(i, high << 16 | low);
    }
    return words;
  }
}

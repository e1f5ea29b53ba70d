package org.zonda.kernels.oracle;

import static org.zonda.kernels.oracle.Fields.field;
import static org.zonda.kernels.oracle.Fields.half;

import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** The definition of each format that {@link org.zonda.kernels.PackedKernels} multiplies. */
public final class PackedValues {

  private static final int[] UNEVEN = {
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
  };

  private static final double[] FLOATS = {
    0, 0.5, 1, 1.5, 2, 3, 4, 6, 0, -0.5, -1, -1.5, -2, -3, -4, -6
  };

  private PackedValues() {}

  /** Blocks of 32: nibbles times one scale, plus one minimum. */
  public static MatrixValues q4_1(IntArray q, HalfFloatArray d, int columns) {
    return (row, column) -> {
      int index = row * columns + column;
      int block = index / 32;
      return half(d, 2 * block) * field(q, 4, index) + half(d, 2 * block + 1);
    };
  }

  /** Blocks of 32: five bits less 16, times one scale. */
  public static MatrixValues q5_0(IntArray low, IntArray high, HalfFloatArray d, int columns) {
    return (row, column) -> {
      int index = row * columns + column;
      return half(d, index / 32) * (fiveBits(low, high, index) - 16);
    };
  }

  /** Blocks of 32: five bits times one scale, plus one minimum. */
  public static MatrixValues q5_1(IntArray low, IntArray high, HalfFloatArray d, int columns) {
    return (row, column) -> {
      int index = row * columns + column;
      int block = index / 32;
      return half(d, 2 * block) * fiveBits(low, high, index) + half(d, 2 * block + 1);
    };
  }

  /**
   * Blocks of 256: two bits times one of 16 scales of four bits, less one of as many minima, which
   * come after all scales.
   */
  public static MatrixValues q2_K(IntArray q, IntArray s, HalfFloatArray d, int columns) {
    return (row, column) -> {
      int index = row * columns + column;
      int block = index / 256;
      int scale = field(s, 4, 32 * block + index % 256 / 16);
      int minimum = field(s, 4, 32 * block + 16 + index % 256 / 16);
      return half(d, 2 * block) * scale * field(q, 2, index) - half(d, 2 * block + 1) * minimum;
    };
  }

  /** Blocks of 256: three bits less 4, times one of 16 scales of six bits less 32. */
  public static MatrixValues q3_K(
      IntArray low, IntArray high, IntArray s, HalfFloatArray d, int columns) {
    return (row, column) -> {
      int index = row * columns + column;
      int block = index / 256;
      int scale = sixBits(s, 16, block, index % 256 / 16) - 32;
      return half(d, block) * scale * (field(low, 2, index) + 4 * field(high, 1, index) - 4);
    };
  }

  /** Blocks of 256: five bits times one of 8 scales of six bits, less one of as many minima. */
  public static MatrixValues q5_K(
      IntArray low, IntArray high, IntArray s, HalfFloatArray d, int columns) {
    return (row, column) -> {
      int index = row * columns + column;
      int block = index / 256;
      int part = index % 256 / 32;
      return half(d, 2 * block) * sixBits(s, 16, block, part) * fiveBits(low, high, index)
          - half(d, 2 * block + 1) * sixBits(s, 16, block, 8 + part);
    };
  }

  /** Blocks of 32: one of 16 unevenly spaced numbers times one scale. */
  public static MatrixValues iq4_NL(IntArray q, HalfFloatArray d, int columns) {
    return (row, column) -> {
      int index = row * columns + column;
      return half(d, index / 32) * UNEVEN[field(q, 4, index)];
    };
  }

  /** Blocks of 256: the same numbers times one of 8 scales of six bits less 32. */
  public static MatrixValues iq4_XS(IntArray q, IntArray s, HalfFloatArray d, int columns) {
    return (row, column) -> {
      int index = row * columns + column;
      int block = index / 256;
      int scale = sixBits(s, 8, block, index % 256 / 32) - 32;
      return half(d, block) * scale * UNEVEN[field(q, 4, index)];
    };
  }

  /** Blocks of 32: floats of four bits times two to the power of a byte less 127; single floats. */
  public static MatrixValues mxfp4(IntArray q, IntArray s, int columns) {
    return (row, column) -> {
      int index = row * columns + column;
      double scale = Math.scalb(1.0, field(s, 8, index / 32) - 127);
      return (float) (scale * FLOATS[field(q, 4, index)]);
    };
  }

  private static int fiveBits(IntArray low, IntArray high, int index) {
    return field(low, 4, index) + 16 * field(high, 1, index);
  }

  /** One of a block's so many numbers: the low four bits of all, then the high two of all. */
  private static int sixBits(IntArray s, int numbers, int block, int n) {
    int bits = block * 6 * numbers;
    return field(s, 4, bits / 4 + n) + 16 * field(s, 2, (bits + 4 * numbers) / 2 + n);
  }
}

package org.zonda.kernels.oracle;

import static org.zonda.kernels.oracle.Fields.field;
import static org.zonda.kernels.oracle.Fields.half;

import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** The values of a stack of matrices, whatever planes hold them: the definition of each format. */
@FunctionalInterface
public interface MatrixValues {

  /** The value in a column of a row; rows are counted through the whole stack. */
  double at(int row, int column);

  /** One float a value. */
  static MatrixValues f32(FloatArray w, int columns) {
    return (row, column) -> w.get(row * columns + column);
  }

  /** One half-precision float a value. */
  static MatrixValues f16(HalfFloatArray w, int columns) {
    return (row, column) -> w.get(row * columns + column).getFloat32();
  }

  /** Two bfloat16 a word, the first in the low half: each the high half of a float. */
  static MatrixValues bf16(IntArray w, int columns) {
    return (row, column) -> {
      int index = row * columns + column;
      return Float.intBitsToFloat(field(w, 16, index) << 16);
    };
  }

  /** Blocks of 32: signed bytes times one scale. */
  static MatrixValues q8_0(IntArray q, HalfFloatArray d, int columns) {
    return (row, column) -> {
      int index = row * columns + column;
      return half(d, index / 32) * (byte) field(q, 8, index);
    };
  }

  /** Blocks of 32: nibbles less 8, times one scale. */
  static MatrixValues q4_0(IntArray q, HalfFloatArray d, int columns) {
    return (row, column) -> {
      int index = row * columns + column;
      return half(d, index / 32) * (field(q, 4, index) - 8);
    };
  }

  /**
   * Blocks of 256: nibbles times one of 8 scales, less one of 8 minima. Scales and minima have six
   * bits: 16 low nibbles, then 16 high pairs of bits, 12 bytes a block.
   */
  static MatrixValues q4_K(IntArray q, IntArray s, HalfFloatArray d, int columns) {
    return (row, column) -> {
      int index = row * columns + column;
      int block = index / 256;
      int part = index % 256 / 32;
      int scale = field(s, 4, 24 * block + part) + 16 * field(s, 2, 48 * block + 32 + part);
      int minimum =
          field(s, 4, 24 * block + 8 + part) + 16 * field(s, 2, 48 * block + 32 + 8 + part);
      return half(d, 2 * block) * scale * field(q, 4, index) - half(d, 2 * block + 1) * minimum;
    };
  }

  /** Blocks of 256: six bits less 32, times one of 16 signed bytes, times one scale. */
  static MatrixValues q6_K(IntArray low, IntArray high, IntArray s, HalfFloatArray d, int columns) {
    return (row, column) -> {
      int index = row * columns + column;
      int integer = field(low, 4, index) + 16 * field(high, 2, index) - 32;
      return half(d, index / 256) * (byte) field(s, 8, index / 16) * integer;
    };
  }
}

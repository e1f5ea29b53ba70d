package org.zonda.kernels.oracle;

import java.util.Arrays;

/** What kernels leave behind that only move, round or count. */
public final class MoveOracle {

  private MoveOracle() {}

  /**
   * Rows of x, those wanted in their order.
   *
   * @param x rows of {@code width} floats, row after row
   * @param width floats a row
   * @param wanted numbers of rows
   * @return the wanted rows, row after row
   */
  public static float[] gather(float[] x, int width, int... wanted) {
    float[] rows = new float[wanted.length * width];
    for (int i = 0; i < wanted.length; i++) {
      System.arraycopy(x, wanted[i] * width, rows, i * width, width);
    }
    return rows;
  }

  /**
   * The scale of a block that is rounded to eight bits.
   *
   * @param block its values
   * @return a 127th of the greatest magnitude
   */
  public static double int8Scale(float[] block) {
    double greatest = 0;
    for (float value : block) {
      greatest = Math.max(greatest, Math.abs(value));
    }
    return greatest / 127;
  }

  /**
   * A block rounded to eight bits: {@code block[i] = scale * result[i]}, about.
   *
   * @param block its values
   * @return for each the nearest integer, -127 to 127
   */
  public static int[] int8(float[] block) {
    double scale = int8Scale(block);
    int[] numbers = new int[block.length];
    for (int i = 0; i < block.length; i++) {
      numbers[i] = scale == 0 ? 0 : (int) Math.floor(block[i] / scale + 0.5);
    }
    return numbers;
  }

  /**
   * A value in half precision.
   *
   * @param value any
   * @return the nearest half float; infinite beyond their range
   */
  public static float half(float value) {
    return Float.float16ToFloat(Float.floatToFloat16(value));
  }

  /**
   * The cursor after it has moved on.
   *
   * @param layer where it was
   * @param by how many layers
   * @return where it is
   */
  public static int advance(int layer, int by) {
    return layer + by;
  }

  /**
   * The sum of the first elements, which is all that a kernel that touches arrays computes.
   *
   * @param first the first element of each
   * @return their sum
   */
  public static double touch(double... first) {
    return Arrays.stream(first).sum();
  }
}

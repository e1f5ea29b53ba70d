package org.zonda.kernels.oracle;

/** The definition of the rotary position embedding. */
public final class RotaryOracle {

  private RotaryOracle() {}

  /**
   * Rotates one head: as a complex number, pair i is multiplied by {@code magnitude * e^(i *
   * position * frequency)}.
   *
   * @param head the head's elements
   * @param position its position
   * @param frequencies radians a position, one for each pair; further elements stay as they are
   * @param magnitude factor on rotated elements
   * @param adjacent whether elements 2i and 2i + 1 are a pair, else i and i + pairs
   * @return the rotated head
   */
  public static double[] rotate(
      float[] head, int position, double[] frequencies, double magnitude, boolean adjacent) {
    double[] rotated = new double[head.length];
    for (int i = 0; i < head.length; i++) {
      rotated[i] = head[i];
    }
    for (int pair = 0; pair < frequencies.length; pair++) {
      int real = adjacent ? 2 * pair : pair;
      int imaginary = adjacent ? 2 * pair + 1 : pair + frequencies.length;
      double angle = position * frequencies[pair];
      rotated[real] =
          magnitude * (head[real] * Math.cos(angle) - head[imaginary] * Math.sin(angle));
      rotated[imaginary] =
          magnitude * (head[real] * Math.sin(angle) + head[imaginary] * Math.cos(angle));
    }
    return rotated;
  }
}

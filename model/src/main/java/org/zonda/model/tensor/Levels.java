package org.zonda.model.tensor;

import java.util.Arrays;

/**
 * The numbers that a format's codes stand for, integers in rising order; a value is one of them
 * times a scale.
 */
final class Levels {

  /** Values of IQ4_NL and IQ4_XS: denser near zero, as weights are. */
  static final Levels NON_LINEAR =
      new Levels(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);

  /** Twice the magnitudes of a 4-bit float with 2 exponent bits and 1 fraction bit. */
  static final Levels MXFP4 = new Levels(0, 1, 2, 3, 4, 6, 8, 12);

  private final int[] levels;

  /**
   * The code of the level nearest to a number, for each half unit from the first level on: the
   * middle between two integers is a multiple of a half, so that a cell has one answer.
   */
  private final byte[] nearest;

  private Levels(int... levels) {
    this.levels = levels;
    nearest = new byte[2 * (last() - first()) + 1];
    int code = 0;
    for (int cell = 0; cell < nearest.length; cell++) {
      while (code + 1 < levels.length && cell >= levels[code] + levels[code + 1] - 2 * first()) {
        code++;
      }
      nearest[cell] = (byte) code;
    }
  }

  /** All integers between two. */
  static Levels between(int first, int last) {
    int[] levels = new int[last - first + 1];
    Arrays.setAll(levels, i -> first + i);
    return new Levels(levels);
  }

  int first() {
    return levels[0];
  }

  int last() {
    return levels[levels.length - 1];
  }

  /** The level that a code stands for. */
  int level(int code) {
    return levels[code];
  }

  /** The code of the level nearest to a number; the upper where two are. */
  int nearest(float number) {
    float cell = 2 * (number - first());
    return nearest[(int) Math.min(Math.max(cell, 0), nearest.length - 1)];
  }
}

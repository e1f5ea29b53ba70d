package org.zonda.model.tensor;

import java.util.Arrays;

/**
 * The numbers that a format's codes stand for, integers of a signed byte in rising order; a value
 * is one of them times a scale.
 */
final class Levels {

  /** Those of IQ4_NL and IQ4_XS: denser near zero, as weights are. */
  static final Levels NON_LINEAR =
      new Levels(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);

  private final int[] levels;

  /**
   * The code of the level nearest to a number, for each half unit from the first level on: the
   * middle between two integers is a multiple of a half, so that a cell has one answer.
   */
  private final byte[] nearestCode;

  /** The level itself, likewise. */
  private final byte[] nearest;

  private Levels(int... levels) {
    this.levels = levels;
    nearestCode = new byte[2 * (last() - first()) + 1];
    nearest = new byte[nearestCode.length];
    int code = 0;
    for (int cell = 0; cell < nearest.length; cell++) {
      while (code + 1 < levels.length && cell >= levels[code] + levels[code + 1] - 2 * first()) {
        code++;
      }
      nearestCode[cell] = (byte) code;
      nearest[cell] = (byte) levels[code];
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
  int nearestCode(float number) {
    return nearestCode[cell(number)];
  }

  /** The level nearest to a number; the upper where two are. */
  int nearest(float number) {
    return nearest[cell(number)];
  }

  private int cell(float number) {
    // What is below the first level is cut to 0 or less.
    return Math.min(Math.max((int) (2 * (number - levels[0])), 0), nearest.length - 1);
  }
}

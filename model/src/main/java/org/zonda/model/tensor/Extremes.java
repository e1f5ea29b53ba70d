package org.zonda.model.tensor;

/** The ends of a range of numbers. */
final class Extremes {

  private Extremes() {}

  /** The number of the largest magnitude with its sign, the first of equals. */
  static float farthest(float[] x, int from, int count) {
    float farthest = 0;
    for (int i = from; i < from + count; i++) {
      if (Math.abs(x[i]) > Math.abs(farthest)) {
        farthest = x[i];
      }
    }
    return farthest;
  }

  /** The least number. */
  static float least(float[] x, int from, int count) {
    float least = x[from];
    for (int i = from + 1; i < from + count; i++) {
      least = Math.min(least, x[i]);
    }
    return least;
  }

  /** The greatest number. */
  static float greatest(float[] x, int from, int count) {
    float greatest = x[from];
    for (int i = from + 1; i < from + count; i++) {
      greatest = Math.max(greatest, x[i]);
    }
    return greatest;
  }
}

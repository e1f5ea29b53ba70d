package org.zonda.model.tensor;

/** A scale, of either sign, whose products with some levels are near each number of a group. */
final class ScaleFit {

  private static final int TRIALS = 3;
  private static final float SPREAD = 0.2f;
  private static final int REFINEMENTS = 4;

  /** Below this a number is nothing that a half-precision scale could tell from zero. */
  private static final float LEAST = 1e-15f;

  private float scale;

  /** How much of the sum of squares the best scale explains. */
  private double explained;

  float scale() {
    return scale;
  }

  /**
   * Searches for the scale with the least squared error. The number of the largest magnitude is
   * mapped to places near either end of the levels; for each the numbers are rounded to levels and
   * the scale follows by least squares. The best one is then refined the same way.
   */
  void fit(float[] x, int from, int count, Levels levels) {
    float farthest = Extremes.farthest(x, from, count);
    scale = 0;
    explained = 0;
    if (Math.abs(farthest) < LEAST) {
      return;
    }
    for (int trial = -TRIALS; trial <= TRIALS; trial++) {
      float stretch = 1 + SPREAD * trial / TRIALS;
      improve(x, from, count, levels, stretch * levels.first() / farthest);
      improve(x, from, count, levels, stretch * levels.last() / farthest);
    }
    boolean better = true;
    for (int i = 0; i < REFINEMENTS && better && scale != 0; i++) {
      better = improve(x, from, count, levels, 1 / scale);
    }
  }

  private boolean improve(float[] x, int from, int count, Levels levels, float inverse) {
    int squares = 0;
    double products = 0;
    for (int i = from; i < from + count; i++) {
      int level = levels.nearest(x[i] * inverse);
      squares += level * level;
      products += (double) x[i] * level;
    }
    if (squares == 0 || products * products <= explained * squares) {
      return false;
    }
    explained = products * products / squares;
    scale = (float) (products / squares);
    return true;
  }
}

package org.zonda.model.tensor;

/**
 * A line near each number of a group: {@code scale * n - minimum}, n an integer from 0 to some
 * most. Neither scale nor minimum is negative, since the formats store no sign of them.
 */
final class LineFit {

  private static final int TRIALS = 8;
  private static final float SPREAD = 0.7f;
  private static final int REFINEMENTS = 4;

  /** Below this a range is nothing that a half-precision scale could tell from zero. */
  private static final float LEAST_RANGE = 1e-15f;

  private float scale;
  private float minimum;
  private double error;

  float scale() {
    return scale;
  }

  float minimum() {
    return minimum;
  }

  /**
   * Searches for the line with the least squared error. The range of the numbers is cut into about
   * {@code most} steps, a little more and a little less; each time the numbers are rounded to them
   * and the line is laid through the result by least squares. The best one is then refined the same
   * way.
   */
  void fit(float[] x, int from, int count, int most) {
    float low = Math.min(0, Extremes.least(x, from, count));
    float range = Extremes.greatest(x, from, count) - low;
    scale = 0;
    minimum = -low;
    if (range < LEAST_RANGE) {
      return;
    }
    error = Double.POSITIVE_INFINITY;
    for (int trial = 0; trial <= TRIALS; trial++) {
      float steps = most + SPREAD * (2f * trial / TRIALS - 1);
      improve(x, from, count, most, steps / range, -low);
    }
    boolean better = true;
    for (int i = 0; i < REFINEMENTS && better && scale > 0; i++) {
      better = improve(x, from, count, most, 1 / scale, minimum);
    }
  }

  /**
   * Rounds the numbers to steps of a line and takes the line with the least squared error for the
   * result, if that is better than what is known.
   */
  private boolean improve(float[] x, int from, int count, int most, float inverse, float shift) {
    int numbers = 0;
    int squares = 0;
    double values = 0;
    double products = 0;
    double norm = 0;
    for (int i = from; i < from + count; i++) {
      float value = x[i];
      int number = Rounding.clamped((value + shift) * inverse, most);
      numbers += number;
      squares += number * number;
      values += value;
      products += (double) number * value;
      norm += (double) value * value;
    }
    double determinant = (double) count * squares - (double) numbers * numbers;
    double slope = 0;
    double lowest = -values / count;
    if (determinant > 0) {
      slope = (count * products - numbers * values) / determinant;
      lowest = (numbers * products - squares * values) / determinant;
    }
    if (lowest < 0) {
      lowest = 0;
      slope = squares == 0 ? 0 : products / squares;
    }
    if (slope < 0) {
      return false;
    }
    // The sum of (slope * number - lowest - value)^2, from the sums.
    double remaining =
        norm
            + slope * (slope * squares - 2 * products - 2 * lowest * numbers)
            + lowest * (2 * values + count * lowest);
    if (remaining >= error) {
      return false;
    }
    error = remaining;
    scale = (float) slope;
    minimum = (float) lowest;
    return true;
  }
}

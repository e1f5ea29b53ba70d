package org.zonda.model.tensor;

/**
 * A line for a group of numbers: {@code step * n - minimum}, n from 0 to 15, near each of them.
 *
 * @param step at least 0
 * @param minimum at least 0, since the format stores no sign
 */
record Q4_KFit(float step, float minimum) {

  private static final int MOST = 15;
  private static final int TRIALS = 40;

  /**
   * Finds one by trial: the range of the values is cut into {@code 14 to 18} steps, the values are
   * rounded to them, and the line is laid through the result by least squares.
   */
  static Q4_KFit of(float[] x, int from, int count) {
    float low = 0;
    float high = 0;
    for (int i = from; i < from + count; i++) {
      low = Math.min(low, x[i]);
      high = Math.max(high, x[i]);
    }
    if (high == low) {
      return new Q4_KFit(0, 0);
    }
    // The plain division of the range is the first candidate, and better ones must beat it.
    Q4_KFit best = new Q4_KFit((high - low) / MOST, -low);
    double least = best.error(x, from, count);
    for (int trial = 0; trial <= TRIALS; trial++) {
      float steps = MOST - 1 + 4f * trial / TRIALS;
      Q4_KFit fit = new Q4_KFit((high - low) / steps, -low).refined(x, from, count);
      double error = fit.error(x, from, count);
      if (error < least) {
        best = fit;
        least = error;
      }
    }
    return best;
  }

  private int number(float value) {
    return step == 0 ? 0 : Math.clamp((int) Math.rint((value + minimum) / step), 0, MOST);
  }

  private double error(float[] x, int from, int count) {
    double sum = 0;
    for (int i = from; i < from + count; i++) {
      double difference = x[i] - ((double) step * number(x[i]) - minimum);
      sum += difference * difference;
    }
    return sum;
  }

  /** The line with the least squared error for the numbers that this one gives. */
  private Q4_KFit refined(float[] x, int from, int count) {
    double numbers = 0;
    double squares = 0;
    double values = 0;
    double products = 0;
    for (int i = from; i < from + count; i++) {
      int number = number(x[i]);
      numbers += number;
      squares += number * number;
      values += x[i];
      products += (double) number * x[i];
    }
    double determinant = count * squares - numbers * numbers;
    if (determinant <= 0) {
      return this;
    }
    double slope = (count * products - numbers * values) / determinant;
    double lowest = (numbers * products - squares * values) / determinant;
    return lowest >= 0
        ? new Q4_KFit((float) slope, (float) lowest)
        : new Q4_KFit((float) (products / squares), 0);
  }
}

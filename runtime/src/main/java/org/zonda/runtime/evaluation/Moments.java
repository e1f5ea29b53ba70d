package org.zonda.runtime.evaluation;

/** Mean and variance of numbers that come one by one (Welford 1962). */
final class Moments {

  private long count;
  private double mean;
  private double squares;

  void add(double number) {
    count++;
    double before = number - mean;
    mean += before / count;
    squares += before * (number - mean);
  }

  long count() {
    return count;
  }

  double mean() {
    return mean;
  }

  /** The standard error of the mean, or NaN for fewer than two numbers. */
  double error() {
    return count < 2 ? Double.NaN : Math.sqrt(squares / (count - 1) / count);
  }
}

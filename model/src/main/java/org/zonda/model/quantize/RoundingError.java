package org.zonda.model.quantize;

/**
 * How far numbers are from what they were before a conversion.
 *
 * @param squares sum of the squares of the original numbers
 * @param squaredErrors sum of the squares of the differences
 * @param largest the largest absolute difference
 */
public record RoundingError(double squares, double squaredErrors, double largest) {

  /** Nothing was converted. */
  public static final RoundingError NONE = new RoundingError(0, 0, 0);

  /** Compares numbers with what became of them. */
  static RoundingError between(float[] before, float[] after) {
    double squares = 0;
    double squaredErrors = 0;
    double largest = 0;
    for (int i = 0; i < before.length; i++) {
      double error = Math.abs((double) before[i] - after[i]);
      squares += (double) before[i] * before[i];
      squaredErrors += error * error;
      largest = Math.max(largest, error);
    }
    return new RoundingError(squares, squaredErrors, largest);
  }

  /**
   * Joins the errors of different numbers.
   *
   * @param other of other numbers
   * @return of both
   */
  public RoundingError plus(RoundingError other) {
    return new RoundingError(
        squares + other.squares,
        squaredErrors + other.squaredErrors,
        Math.max(largest, other.largest));
  }

  /**
   * The root mean square of the errors by the root mean square of the numbers.
   *
   * @return such as 0.005 for Q8_0; 0 where all numbers are 0
   */
  public double relative() {
    return squares == 0 ? 0 : Math.sqrt(squaredErrors / squares);
  }
}

package org.zonda.bench;

import java.util.Arrays;
import java.util.List;

/**
 * Something measured several times.
 *
 * @param values one for each time, in order; at least one
 */
public record Spread(List<Double> values) {

  /** Takes a copy. */
  public Spread {
    values = List.copyOf(values);
    if (values.isEmpty()) {
      throw new IllegalArgumentException("nothing was measured");
    }
  }

  /**
   * The smallest.
   *
   * @return one of the values
   */
  public double min() {
    return sorted()[0];
  }

  /**
   * The one in the middle, or the mean of the two there.
   *
   * @return between the smallest and the largest
   */
  public double median() {
    double[] sorted = sorted();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /**
   * The largest.
   *
   * @return one of the values
   */
  public double max() {
    return sorted()[values.size() - 1];
  }

  private double[] sorted() {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted;
  }
}

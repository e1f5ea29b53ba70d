package org.zonda.bench;

import java.util.Arrays;
import java.util.List;

/**
 * The repetitions of one test.
 *
 * @param test {@code pp} and the number of tokens for prompt processing, {@code tg} for generation
 * @param depth positions that were in the KV cache when each repetition began
 * @param tokensPerSecond one speed for each repetition, in order; at least one
 */
public record Measurement(String test, int depth, List<Double> tokensPerSecond) {

  /** Takes a copy. */
  public Measurement {
    tokensPerSecond = List.copyOf(tokensPerSecond);
    if (tokensPerSecond.isEmpty()) {
      throw new IllegalArgumentException(test + " was not measured");
    }
  }

  /**
   * The slowest repetition.
   *
   * @return tokens per second
   */
  public double min() {
    return sorted()[0];
  }

  /**
   * The repetition in the middle, or the mean of the two there.
   *
   * @return tokens per second
   */
  public double median() {
    double[] sorted = sorted();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /**
   * The fastest repetition.
   *
   * @return tokens per second
   */
  public double max() {
    return sorted()[tokensPerSecond.size() - 1];
  }

  private double[] sorted() {
    double[] sorted = tokensPerSecond.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted;
  }
}

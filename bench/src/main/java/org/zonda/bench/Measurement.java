package org.zonda.bench;

import java.util.List;

/**
 * The repetitions of one test.
 *
 * @param test {@code pp} and the number of tokens for prompt processing, {@code tg} for generation
 * @param depth positions that were in the KV cache when each repetition began
 * @param speed tokens per second
 */
public record Measurement(String test, int depth, Spread speed) {

  /**
   * Takes the speeds of a test.
   *
   * @param test its name
   * @param depth positions in the KV cache before
   * @param tokensPerSecond one speed for each repetition, in order; at least one
   */
  public Measurement(String test, int depth, List<Double> tokensPerSecond) {
    this(test, depth, new Spread(tokensPerSecond));
  }

  /**
   * What people call it.
   *
   * @return such as {@code tg64} or {@code tg64 @ 2048}
   */
  public String name() {
    return depth == 0 ? test : test + " @ " + depth;
  }

  /**
   * One speed for each repetition.
   *
   * @return tokens per second, in order
   */
  public List<Double> tokensPerSecond() {
    return speed.values();
  }

  /**
   * The slowest repetition.
   *
   * @return tokens per second
   */
  public double min() {
    return speed.min();
  }

  /**
   * The repetition in the middle, or the mean of the two there.
   *
   * @return tokens per second
   */
  public double median() {
    return speed.median();
  }

  /**
   * The fastest repetition.
   *
   * @return tokens per second
   */
  public double max() {
    return speed.max();
  }
}

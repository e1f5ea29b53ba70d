package org.zonda.bench;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The repetitions of one test.
 *
 * @param test what was measured
 * @param speed tokens per second, of all sequences together
 * @param cacheBytes what the KV cache held afterwards; what sequences share is counted once
 * @param stepBytes what writing a token of one sequence must read of the host's memory at least, on
 *     average; empty for other tests, and where a device has a part of the model
 */
public record Measurement(
    BenchmarkTest test, Spread speed, long cacheBytes, OptionalLong stepBytes) {

  /**
   * What people call it.
   *
   * @return such as {@code tg64} or {@code tg64 @ 2048}
   */
  public String name() {
    return test.fullName();
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

  /**
   * How near writing is to the speed of the memory.
   *
   * @param read the memory's speed
   * @return the least time of a step over the median one; empty where one of them is not known
   */
  public OptionalDouble shareOf(ReadSpeed read) {
    return stepBytes.isEmpty() || read.best().isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(stepBytes.getAsLong() * median() / read.best().getAsDouble());
  }
}

package org.zonda.runtime.evaluation;

import java.time.Duration;

/**
 * How well a model predicts a text.
 *
 * @param tokens that were scored
 * @param surprise the mean of their negative log-probabilities, in nats; 0 where there are none
 * @param surpriseError its standard error, as if tokens were independent; NaN for fewer than two
 * @param bytes of the text, as UTF-8, that the scored tokens stand for
 * @param characters of the text, as code points, that the scored tokens stand for
 * @param windows that were read to their end
 * @param allWindows that there were to read
 * @param read tokens that went through the model, scored or as context
 * @param time from the first pass to the last
 */
public record PerplexityResult(
    long tokens,
    double surprise,
    double surpriseError,
    long bytes,
    long characters,
    int windows,
    int allWindows,
    long read,
    Duration time) {

  /**
   * The perplexity: among so many equally likely tokens the model chooses on average.
   *
   * @return the exponential of the mean surprise; at least 1
   */
  public double perplexity() {
    return Math.exp(surprise);
  }

  /**
   * The perplexity's standard error.
   *
   * @return by the delta method: the perplexity times the error of its logarithm
   */
  public double perplexityError() {
    return perplexity() * surpriseError;
  }

  /**
   * What the text would take, compressed with this model: comparable between vocabularies.
   *
   * @return bits per byte of UTF-8
   */
  public double bitsPerByte() {
    return bits() / bytes;
  }

  /**
   * What the text would take, compressed with this model: comparable between vocabularies.
   *
   * @return bits per code point
   */
  public double bitsPerCharacter() {
    return bits() / characters;
  }

  private double bits() {
    return surprise * tokens / Math.log(2);
  }

  /**
   * Whether everything was read that there was to read.
   *
   * @return false where it was cancelled
   */
  public boolean isComplete() {
    return windows == allWindows;
  }

  /**
   * The speed.
   *
   * @return tokens that went through the model per second; 0 where none did
   */
  public double tokensPerSecond() {
    return time.isZero() ? 0 : read * 1e9 / time.toNanos();
  }
}

package org.zonda.runtime;

import java.time.Duration;

/**
 * How long a generation took. Waiting for other threads' generations on the same model counts; the
 * caller's own work on the text between two tokens does not.
 *
 * @param load opening the model, before the generation
 * @param timeToFirstToken from the call to the first sampled token; zero where there was none
 * @param prefillTokens prompt tokens that were computed; those already in a chat's cache are not
 * @param prefill computing them
 * @param decodeTokens passes of one token, each of which gave the next; the first token comes from
 *     the prefill
 * @param decode those passes, with sampling and, where the context was shifted, reading again
 */
public record Timings(
    Duration load,
    Duration timeToFirstToken,
    int prefillTokens,
    Duration prefill,
    int decodeTokens,
    Duration decode) {

  /**
   * The speed of reading the prompt.
   *
   * @return tokens per second; 0 where nothing was read
   */
  public double prefillTokensPerSecond() {
    return perSecond(prefillTokens, prefill);
  }

  /**
   * The speed of writing.
   *
   * @return tokens per second; 0 where fewer than two tokens were written
   */
  public double decodeTokensPerSecond() {
    return perSecond(decodeTokens, decode);
  }

  private static double perSecond(int tokens, Duration duration) {
    return tokens == 0 || duration.isZero() ? 0 : tokens * 1e9 / duration.toNanos();
  }
}

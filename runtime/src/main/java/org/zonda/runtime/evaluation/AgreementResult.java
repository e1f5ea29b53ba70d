package org.zonda.runtime.evaluation;

/**
 * How far a model's predictions are from those of another, the base, on the same tokens.
 *
 * @param base how well the base predicts the text
 * @param other how well the other does
 * @param logRatio the logarithm of the other's perplexity by the base's
 * @param logRatioError its standard error; tokens that are hard for both do not count in it
 * @param divergence of each scored token's distributions, in nats
 * @param sameTop the share of scored tokens where both hold the same token for the likeliest
 * @param largestDifference the largest absolute difference of two logits
 */
public record AgreementResult(
    PerplexityResult base,
    PerplexityResult other,
    double logRatio,
    double logRatioError,
    Divergence divergence,
    double sameTop,
    double largestDifference) {

  /**
   * The Kullback-Leibler divergence of the other's distribution from the base's: what the other's
   * probabilities cost where the base's are true.
   *
   * @param mean over all scored tokens; 0 where both agree
   * @param error its standard error; NaN for fewer than two tokens
   * @param median half of the tokens are below it
   * @param percentile99 99% of the tokens are below it
   * @param largest of all tokens
   */
  public record Divergence(
      double mean, double error, double median, double percentile99, double largest) {}

  /**
   * The other's perplexity by the base's.
   *
   * @return above 1 where the other is worse
   */
  public double ratio() {
    return Math.exp(logRatio);
  }

  /**
   * The ratio's standard error.
   *
   * @return by the delta method
   */
  public double ratioError() {
    return ratio() * logRatioError;
  }

  /**
   * The standard error of {@link #sameTop}.
   *
   * @return that of a share of independent tokens
   */
  public double sameTopError() {
    return Math.sqrt(sameTop * (1 - sameTop) / base.tokens());
  }
}

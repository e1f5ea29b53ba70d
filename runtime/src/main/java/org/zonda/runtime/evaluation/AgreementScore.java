package org.zonda.runtime.evaluation;

import java.util.Arrays;
import org.zonda.runtime.backend.Logits;

/** What two models made of the tokens that were scored so far. */
final class AgreementScore {

  /**
   * One token's rows, compared.
   *
   * @param baseSurprise of the token after them, by the base
   * @param otherSurprise by the other
   * @param divergence of the distributions
   * @param sameTop whether both hold the same token for the likeliest
   * @param largestDifference of two logits
   */
  record Row(
      double baseSurprise,
      double otherSurprise,
      double divergence,
      boolean sameTop,
      double largestDifference) {

    /** Compares two rows of logits before a token. */
    static Row of(Logits base, Logits other, int row, int token) {
      double baseSum = LogSoftmax.logSum(base, row);
      double otherSum = LogSoftmax.logSum(other, row);
      int width = base.vocabularySize();
      int from = row * width;
      double divergence = 0;
      double largest = 0;
      for (int i = from; i < from + width; i++) {
        double p = base.values()[i] - baseSum;
        double q = other.values()[i] - otherSum;
        double share = Math.exp(p);
        divergence += share == 0 ? 0 : share * (p - q);
        largest = Math.max(largest, Math.abs((double) base.values()[i] - other.values()[i]));
      }
      return new Row(
          LogSoftmax.surprise(base, row, baseSum, token),
          LogSoftmax.surprise(other, row, otherSum, token),
          Math.max(0, divergence), // by rounding alone it can be less
          LogSoftmax.best(base, row) == LogSoftmax.best(other, row),
          largest);
    }
  }

  private final Score base;
  private final Score other;
  private final Moments logRatio = new Moments();
  private final Moments divergence = new Moments();
  private double[] divergences = new double[1024];
  private long same;
  private double largestDifference;

  AgreementScore(Score base, Score other) {
    this.base = base;
    this.other = other;
  }

  void add(int textIndex, Row row) {
    base.add(textIndex, row.baseSurprise);
    other.add(textIndex, row.otherSurprise);
    logRatio.add(row.otherSurprise - row.baseSurprise);
    int count = (int) divergence.count();
    if (count == divergences.length) {
      divergences = Arrays.copyOf(divergences, 2 * count);
    }
    divergences[count] = row.divergence;
    divergence.add(row.divergence);
    same += row.sameTop ? 1 : 0;
    largestDifference = Math.max(largestDifference, row.largestDifference);
  }

  AgreementResult result(Walk walk) {
    int count = (int) divergence.count();
    double[] sorted = Arrays.copyOf(divergences, count);
    Arrays.sort(sorted);
    return new AgreementResult(
        walk.result(base),
        walk.result(other),
        logRatio.mean(),
        logRatio.error(),
        new AgreementResult.Divergence(
            divergence.mean(),
            divergence.error(),
            quantile(sorted, 0.5),
            quantile(sorted, 0.99),
            quantile(sorted, 1)),
        count == 0 ? 0 : (double) same / count,
        largestDifference);
  }

  /** Between the two numbers that are nearest to it, in proportion. */
  private static double quantile(double[] sorted, double share) {
    if (sorted.length == 0) {
      return 0;
    }
    double at = share * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
}

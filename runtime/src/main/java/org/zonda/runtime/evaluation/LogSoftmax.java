package org.zonda.runtime.evaluation;

import org.zonda.runtime.backend.Logits;

/**
 * Logits as logarithms of probabilities, in double precision: {@code log p(i) = x(i) - log of the
 * sum of exp(x)}.
 */
final class LogSoftmax {

  private LogSoftmax() {}

  /** The logarithm of the sum of the exponentials of a row. */
  static double logSum(Logits logits, int row) {
    float[] x = logits.values();
    int from = row * logits.vocabularySize();
    int to = from + logits.vocabularySize();
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = from; i < to; i++) {
      largest = Math.max(largest, x[i]);
    }
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += Math.exp(x[i] - largest);
    }
    return largest + Math.log(sum);
  }

  /** The negative logarithm of a token's probability, in nats. */
  static double surprise(Logits logits, int row, double logSum, int token) {
    return logSum - logits.values()[row * logits.vocabularySize() + token];
  }

  /** The likeliest token, the first of equals. */
  static int best(Logits logits, int row) {
    float[] x = logits.values();
    int from = row * logits.vocabularySize();
    int best = from;
    for (int i = from + 1; i < from + logits.vocabularySize(); i++) {
      if (x[i] > x[best]) {
        best = i;
      }
    }
    return best - from;
  }
}

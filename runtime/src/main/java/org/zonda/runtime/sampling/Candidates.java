package org.zonda.runtime.sampling;

import org.zonda.runtime.backend.Ranking;
import org.zonda.runtime.backend.TopLogits;

/**
 * The tokens that top-k, top-p and min-p leave, with their weights. One object serves a whole
 * generation; its arrays grow to what was needed and are used again. One thread.
 *
 * <p>All three filters keep a beginning of the list of tokens in the order of falling logits and,
 * among equal ones, of rising ids. So only that beginning is ever sorted: k tokens, or, without
 * top-k, as many as it takes, found by looking at 64, 512, 4096 and so on.
 */
final class Candidates {

  private static final int FIRST_GUESS = 64;
  private static final int GROWTH = 8;

  private final double temperature;
  private final int topK;
  private final double topP;
  private final double minP;

  private final Ranking ranking = new Ranking();
  private int[] ids = new int[FIRST_GUESS];
  private double[] weights = new double[FIRST_GUESS];
  private int size;
  private double totalWeight;

  /**
   * Creates the filters.
   *
   * @param temperature divides the logits, above 0
   * @param topK tokens to keep, 0 for all
   * @param topP share of the probability to keep, 1 for all
   * @param minP least share of the greatest probability, 0 for all
   */
  Candidates(double temperature, int topK, double topP, double minP) {
    this.temperature = temperature;
    this.topK = topK;
    this.topP = topP;
    this.minP = minP;
  }

  /**
   * Filters a row of logits.
   *
   * @param logits one a token; no NaN and no positive infinity
   * @param greatest the greatest of them, finite
   */
  void choose(float[] logits, float greatest) {
    boolean all = topK == 0 || topK >= logits.length;
    if (all && topP >= 1 && minP == 0) {
      keepAll(logits, greatest);
      return;
    }
    double goal = Double.POSITIVE_INFINITY;
    if (all && topP < 1) {
      goal = topP * sumOfWeights(logits, greatest);
    }
    int sorted = all ? Math.min(FIRST_GUESS, logits.length) : topK;
    while (true) {
      reserve(sorted);
      ranking.rank(logits, 0, logits.length, sorted);
      for (int i = 0; i < sorted; i++) {
        ids[i] = ranking.id(i);
        weights[i] = weight(logits[ids[i]], greatest);
      }
      boolean found = cut(sorted, all ? goal : goalOfTopK());
      if (found || !all || sorted == logits.length) {
        return;
      }
      sorted = (int) Math.min((long) sorted * GROWTH, logits.length);
    }
  }

  /**
   * Filters the best {@code topK} logits, with the result that {@link #choose} has for all.
   *
   * @param best one row of as many as top-k keeps; no NaN and no infinity
   */
  void choose(TopLogits best) {
    reserve(topK);
    for (int i = 0; i < topK; i++) {
      ids[i] = best.ids()[i];
      weights[i] = weight(best.values()[i], best.values()[0]);
    }
    cut(topK, goalOfTopK());
  }

  /**
   * The number of candidates.
   *
   * @return at least 1 after {@link #choose}
   */
  int size() {
    return size;
  }

  /**
   * A candidate's token.
   *
   * @param index from 0; the most probable first where a filter is on
   * @return its id
   */
  int id(int index) {
    return ids[index];
  }

  /**
   * A candidate's probability among the candidates.
   *
   * @param index from 0
   * @return from 0 to 1
   */
  double probability(int index) {
    return weights[index] / totalWeight;
  }

  /**
   * Draws a candidate.
   *
   * @param uniform a random number, at least 0 and less than 1
   * @return its id
   */
  int draw(double uniform) {
    double goal = uniform * totalWeight;
    double sum = 0;
    int last = 0;
    for (int i = 0; i < size; i++) {
      sum += weights[i];
      if (goal < sum) {
        return id(i);
      }
      last = weights[i] > 0 ? i : last;
    }
    return id(last); // where rounding made the goal equal to the sum
  }

  /** The weight that top-p wants of those that top-k kept. */
  private double goalOfTopK() {
    if (topP >= 1) {
      return Double.POSITIVE_INFINITY;
    }
    double sum = 0;
    for (int i = 0; i < topK; i++) {
      sum += weights[i];
    }
    return topP * sum;
  }

  /** Keeps what top-p and min-p leave of the sorted tokens; false if more might have to follow. */
  private boolean cut(int sorted, double goal) {
    totalWeight = weights[0];
    size = 1;
    while (size < sorted && totalWeight < goal && weights[size] >= minP) {
      totalWeight += weights[size++];
    }
    return size < sorted || totalWeight >= goal;
  }

  private void keepAll(float[] logits, float greatest) {
    reserve(logits.length);
    size = logits.length;
    totalWeight = 0;
    for (int i = 0; i < size; i++) {
      ids[i] = i;
      weights[i] = weight(logits[i], greatest);
      totalWeight += weights[i];
    }
  }

  private double sumOfWeights(float[] logits, float greatest) {
    double sum = 0;
    for (float logit : logits) {
      sum += weight(logit, greatest);
    }
    return sum;
  }

  /** In the strict library, since a seed should give the same token on every platform. */
  private double weight(float logit, float greatest) {
    return StrictMath.exp(((double) logit - greatest) / temperature);
  }

  private void reserve(int count) {
    if (ids.length < count) {
      ids = new int[count];
      weights = new double[count];
    }
  }
}

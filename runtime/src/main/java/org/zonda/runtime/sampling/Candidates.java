package org.zonda.runtime.sampling;

import java.util.Arrays;

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

  /** Logit and id in one number, so that a greater one comes first in the list. */
  private long[] keys = new long[FIRST_GUESS];

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
      sortGreatest(logits, sorted);
      double sum = 0;
      for (int i = 0; i < sorted; i++) {
        weights[i] = weight(logits[id(i)], greatest);
        sum += weights[i];
      }
      if (!all && topP < 1) {
        goal = topP * sum;
      }
      boolean found = cut(sorted, goal);
      if (found || !all || sorted == logits.length) {
        return;
      }
      sorted = (int) Math.min((long) sorted * GROWTH, logits.length);
    }
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
    return (int) ~keys[index];
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
      keys[i] = ~i;
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

  /** Fills {@link #keys} with the greatest, in falling order; a heap has the least on top. */
  private void sortGreatest(float[] logits, int count) {
    reserve(count);
    for (int i = 0; i < count; i++) {
      keys[i] = key(logits[i], i);
    }
    if (count < logits.length) {
      for (int i = count / 2 - 1; i >= 0; i--) {
        siftDown(i, count);
      }
      float least = logits[id(0)];
      for (int i = count; i < logits.length; i++) {
        if (logits[i] > least) { // an equal one has a higher id and comes later
          keys[0] = key(logits[i], i);
          siftDown(0, count);
          least = logits[id(0)];
        }
      }
    }
    Arrays.sort(keys, 0, count);
    for (int i = 0, j = count - 1; i < j; i++, j--) {
      long swap = keys[i];
      keys[i] = keys[j];
      keys[j] = swap;
    }
  }

  private void siftDown(int start, int count) {
    long key = keys[start];
    int at = start;
    for (int child = 2 * at + 1; child < count; child = 2 * at + 1) {
      if (child + 1 < count && keys[child + 1] < keys[child]) {
        child++;
      }
      if (key <= keys[child]) {
        break;
      }
      keys[at] = keys[child];
      at = child;
    }
    keys[at] = key;
  }

  /** The logit's bits in an order that integers have, above the id's complement. */
  private static long key(float logit, int id) {
    int bits = Float.floatToIntBits(logit + 0f); // the sum makes -0 and 0 equal
    int ordered = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
    return ((long) ordered << 32) | (~id & 0xFFFFFFFFL);
  }

  private void reserve(int count) {
    if (keys.length < count) {
      keys = new long[count];
      weights = new double[count];
    }
  }
}

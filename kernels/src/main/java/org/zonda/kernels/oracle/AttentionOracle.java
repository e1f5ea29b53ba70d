package org.zonda.kernels.oracle;

/** The definition of attention, for one row of one query head. */
public final class AttentionOracle {

  /**
   * The options of a score.
   *
   * @param scale factor on the dot product
   * @param softCap bound of the scaled product, 0 for none
   * @param slope ALiBi: what a position's distance is multiplied by, 0 for none
   * @param window positions that are seen, the row's own included, 0 for all
   * @param all whether later positions are seen, too
   */
  public record Options(double scale, double softCap, double slope, int window, boolean all) {}

  private AttentionOracle() {}

  /**
   * The weighted mean of the values that the row sees.
   *
   * @param query the query head
   * @param keys for each position the key of the query head's KV head; those that are there are all
   *     that the row can see
   * @param values likewise
   * @param position the row's position
   * @param options the options
   * @return as many elements as a value has
   */
  public static double[] attend(
      float[] query, float[][] keys, float[][] values, int position, Options options) {
    int first = 0;
    if (options.window > 0) {
      first = Math.max(0, position - options.window + 1);
    }
    int end = options.all ? keys.length : position + 1;
    double[] scores = new double[end];
    double largest = Double.NEGATIVE_INFINITY;
    for (int p = first; p < end; p++) {
      double dot = 0;
      for (int i = 0; i < query.length; i++) {
        dot += (double) query[i] * keys[p][i];
      }
      double score = options.scale * dot;
      if (options.softCap > 0) {
        score = options.softCap * Math.tanh(score / options.softCap);
      }
      scores[p] = score + options.slope * (p - position);
      largest = Math.max(largest, scores[p]);
    }
    double total = 0;
    double[] result = new double[values[first].length];
    for (int p = first; p < end; p++) {
      double weight = Math.exp(scores[p] - largest);
      total += weight;
      for (int i = 0; i < result.length; i++) {
        result[i] += weight * values[p][i];
      }
    }
    for (int i = 0; i < result.length; i++) {
      result[i] /= total;
    }
    return result;
  }
}

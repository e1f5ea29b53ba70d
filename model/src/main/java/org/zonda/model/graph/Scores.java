package org.zonda.model.graph;

/**
 * How attention's scores are made of the products of queries and keys: {@code softCap(scale * q.k)
 * + slope * (key's position - query's position)}.
 *
 * @param scale factor on the product
 * @param softCap {@code cap * tanh(x / cap)} bounds the score (Gemma 2, arXiv:2408.00118); 0 for
 *     none
 * @param maxBias the largest exponent of ALiBi's slopes, 8 in the paper (Press et al. 2021,
 *     arXiv:2108.12409); 0 for none
 */
public record Scores(float scale, float softCap, float maxBias) {

  /**
   * Scores that are only scaled.
   *
   * @param scale factor on the product
   * @return without cap and bias
   */
  public static Scores scaled(float scale) {
    return new Scores(scale, 0, 0);
  }

  /**
   * ALiBi's slope of each head: for n heads, a power of two, {@code 2^(-maxBias * (h + 1) / n)};
   * for other n those of the next smaller power of two, and then every second of the next larger.
   *
   * @param heads query heads
   * @return one slope a head; empty without a bias
   */
  public float[] slopes(int heads) {
    if (maxBias == 0) {
      return new float[0];
    }
    int whole = Integer.highestOneBit(heads);
    float[] slopes = new float[heads];
    for (int h = 0; h < heads; h++) {
      double share = h < whole ? (h + 1.0) / whole : (2.0 * (h - whole) + 1) / (2.0 * whole);
      slopes[h] = (float) Math.pow(2, -maxBias * share);
    }
    return slopes;
  }
}

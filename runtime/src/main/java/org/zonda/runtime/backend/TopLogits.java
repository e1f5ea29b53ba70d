package org.zonda.runtime.backend;

import java.util.Arrays;

/**
 * The best logits of the rows that a batch wanted, best first; equal ones in the order of their
 * ids. A view on a buffer: valid until the next forward pass.
 *
 * @param rows how many
 * @param best how many a row
 * @param ids at least {@code rows * best} token ids
 * @param values their logits; a NaN stands first, or, where a device cannot rank it, counts as the
 *     lowest finite number
 */
public record TopLogits(int rows, int best, int[] ids, float[] values) {

  /** The most that can be asked for. */
  public static final int MOST = 64;

  /**
   * Makes room for rows.
   *
   * @param rows how many
   * @param best how many a row
   * @return zeros, to be filled
   */
  public static TopLogits empty(int rows, int best) {
    int size = Math.multiplyExact(rows, best);
    return new TopLogits(rows, best, new int[size], new float[size]);
  }

  /**
   * Chooses the best of full rows.
   *
   * @param logits the rows
   * @param best how many of each, at most {@link #MOST} and the vocabulary's size
   * @return a copy of them
   */
  public static TopLogits of(Logits logits, int best) {
    TopLogits top = empty(logits.rows(), best);
    Ranking ranking = new Ranking();
    for (int row = 0; row < logits.rows(); row++) {
      int from = row * logits.vocabularySize();
      ranking.rank(logits.values(), from, logits.vocabularySize(), best);
      for (int i = 0; i < best; i++) {
        top.ids[row * best + i] = ranking.id(i);
        top.values[row * best + i] = logits.values()[from + ranking.id(i)];
      }
    }
    return top;
  }

  /**
   * Copies a row.
   *
   * @param row from 0 to {@code rows() - 1}
   * @return that row alone
   */
  public TopLogits row(int row) {
    return new TopLogits(
        1,
        best,
        Arrays.copyOfRange(ids, row * best, (row + 1) * best),
        Arrays.copyOfRange(values, row * best, (row + 1) * best));
  }

  /**
   * Copies another's rows into these.
   *
   * @param others rows of as many
   * @param row where its first goes
   */
  void set(TopLogits others, int row) {
    System.arraycopy(others.ids, 0, ids, row * best, others.rows * best);
    System.arraycopy(others.values, 0, values, row * best, others.rows * best);
  }
}

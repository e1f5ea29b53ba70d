package org.zonda.runtime.backend;

/**
 * The best logits of the rows that a batch wanted, best first; equal ones in the order of their
 * ids. A view on a buffer: valid until the next forward pass.
 *
 * @param rows how many
 * @param best how many a row
 * @param ids at least {@code rows * best} token ids
 * @param values their logits
 */
public record TopLogits(int rows, int best, int[] ids, float[] values) {

  /** The most that can be asked for. */
  public static final int MOST = 64;
}

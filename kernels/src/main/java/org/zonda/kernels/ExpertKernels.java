package org.zonda.kernels;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Routing to experts and the mixing of their results (Shazeer et al. 2017, arXiv:1701.06538). */
public final class ExpertKernels {

  /** Flag of {@link #mix}: the output has a value already, to be added to. */
  public static final int ACCUMULATE = 1;

  private ExpertKernels() {}

  /**
   * Picks each row's best experts and their weights: the softmax over all logits, restricted to the
   * best and scaled to sum to 1, which is the softmax over the best. Equal logits go to the lower
   * expert; a logit that is not a number counts as the lowest.
   *
   * <p>Grid: x = one group, its size a power of two, at most {@link NormKernels#MOST_ITEMS}; y =
   * rows (one group a row in y); rows beyond those of the pass do nothing. Bytes moved: {@code rows
   * * (4 * experts + 8 * used)}.
   *
   * @param c the context
   * @param pass the pass; only its number of rows is read
   * @param logits the router's; row r begins at {@code r * stride}
   * @param route {@code rows x used} expert numbers, best first
   * @param weights {@code rows x used} weights
   * @param experts how many there are
   * @param used how many a row uses, at most experts
   * @param stride floats from row to row of the logits
   */
  public static void route(
      KernelContext c,
      IntArray pass,
      FloatArray logits,
      IntArray route,
      FloatArray weights,
      int experts,
      int used,
      int stride) {}

  /**
   * Adds up experts' results: {@code out[r] (=|+=) sum of weights[r * used + s] * y[r * used + s]}.
   *
   * <p>Grid: x at least {@code width}, y at least the rows; what is beyond does nothing. Bytes
   * moved: {@code 4 * rows * width * (used + 1)}, with {@link #ACCUMULATE} {@code 4 * rows * width}
   * more.
   *
   * @param c the context
   * @param pass the pass; only its number of rows is read
   * @param y result s of row r begins at {@code (r * used + s) * width}
   * @param weights {@code rows x used}
   * @param out row r begins at {@code r * outStride}
   * @param used experts a row uses
   * @param width floats a row
   * @param outStride floats from row to row of the output
   * @param flags {@link #ACCUMULATE} or 0
   */
  public static void mix(
      KernelContext c,
      IntArray pass,
      FloatArray y,
      FloatArray weights,
      FloatArray out,
      int used,
      int width,
      int outStride,
      int flags) {}
}

package org.zonda.kernels;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Routing to experts and the mixing of their results (Shazeer et al. 2017, arXiv:1701.06538). No
 * share of the bandwidth has been measured yet.
 */
public final class ExpertKernels {

  /** Flag of {@link #mixture}: the output has a value already, to be added to. */
  public static final int ACCUMULATE = 1;

  private ExpertKernels() {}

  /**
   * Picks each row's best experts and their weights: the softmax over all logits, restricted to the
   * best and scaled to sum to 1, which is the softmax over the best. Equal logits go to the lower
   * expert; a logit that is not a number counts as the lowest.
   *
   * <p>Grid: x = one group, its size a power of two, at most {@link TopKernels#MOST_ITEMS}; y =
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
      int stride) {
    float[] values = c.allocateFloatLocalArray(Selection.MOST_ITEMS);
    int[] ids = c.allocateIntLocalArray(Selection.MOST_ITEMS);
    float[] picked = c.allocateFloatLocalArray(used);
    int row = c.groupIdy;
    int item = c.localIdx;
    int rows = pass.get(PassLayout.ROWS);
    if (row < rows) {
      int count = Unrolling.prevent(used, rows);
      int base = row * stride;
      int own = Selection.first(logits, base, item, experts, c.localGroupSizeX);
      for (int n = 0; n < count; n++) {
        values[item] = Selection.value(logits, base, own);
        ids[item] = own;
        for (int half = c.localGroupSizeX / 2; half > 0; half = half / 2) {
          c.localBarrier();
          if (item < half) {
            float other = values[item + half];
            int otherId = ids[item + half];
            float mine = values[item];
            if (other > mine) {
              values[item] = other;
              ids[item] = otherId;
            }
            if (other == mine) {
              ids[item] = TornadoMath.min(ids[item], otherId);
            }
          }
        }
        c.localBarrier();
        int expert = ids[0];
        if (item == 0) {
          picked[n] = values[0];
          // Whatever the logits are, the number is that of an expert.
          route.set(row * used + n, TornadoMath.min(expert, experts - 1));
        }
        if (own == expert && own != Selection.NONE) {
          own = Selection.next(logits, base, item, experts, c.localGroupSizeX, own);
        }
        c.localBarrier();
      }
      float total = 0f;
      for (int n = 0; n < count; n++) {
        total += TornadoMath.exp(picked[n] - picked[0]);
      }
      for (int n = item; n < count; n += c.localGroupSizeX) {
        weights.set(row * used + n, TornadoMath.exp(picked[n] - picked[0]) / total);
      }
    }
  }

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
  public static void mixture(
      KernelContext c,
      IntArray pass,
      FloatArray y,
      FloatArray weights,
      FloatArray out,
      int used,
      int width,
      int outStride,
      int flags) {
    int i = c.globalIdx;
    int row = c.globalIdy;
    if (row < pass.get(PassLayout.ROWS) && i < width) {
      float sum = 0f;
      for (int s = 0; s < used; s++) {
        sum += weights.get(row * used + s) * y.get((row * used + s) * width + i);
      }
      int at = row * outStride + i;
      if ((flags & ACCUMULATE) != 0) {
        sum += out.get(at);
      }
      out.set(at, sum);
    }
  }
}

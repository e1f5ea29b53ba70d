package org.zonda.kernels;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * The best logits of each row, in two launches: {@link #candidates} finds the best of each share of
 * the vocabulary, {@link #merge} the best of those. Best first; equal ones in the order of their
 * ids. With {@code best} = 1 it is the argmax. A logit below -3e38, or that is not a number, counts
 * as -3e38; an infinite one as the largest float. No share of the bandwidth has been measured yet.
 */
public final class TopKernels {

  /** The most that can be asked for. */
  public static final int MOST = 64;

  /** The most work-items a group may have. */
  public static final int MOST_ITEMS = Selection.MOST_ITEMS;

  /** The id of a candidate that is none, where a share has fewer than were asked for. */
  public static final int NONE = Selection.NONE;

  private TopKernels() {}

  /**
   * The best logits of each share of each row.
   *
   * <p>Grid: x = {@code groups} groups, the size of each a power of two, at most {@link
   * #MOST_ITEMS}; y = rows (one group a row in y); rows beyond the given do nothing. Each group
   * takes {@code ceil(vocabulary / groups)} neighbouring logits, an item every size-th of them; an
   * item reads all of its own again each time that one of them was the best. Bytes moved: {@code
   * rows * (4 * vocabulary + 8 * groups * best)}.
   *
   * @param c the context
   * @param pass its first int is the number of rows
   * @param logits row r begins at {@code r * stride}
   * @param ids {@code [row][group][best]}, {@link #NONE} where a share has no more
   * @param values their logits, laid out likewise
   * @param vocabulary logits a row, at least {@code best}
   * @param stride floats from row to row
   * @param groups shares of a row
   * @param best how many are wanted, at most {@link #MOST}
   */
  public static void candidates(
      KernelContext c,
      IntArray pass,
      FloatArray logits,
      IntArray ids,
      FloatArray values,
      int vocabulary,
      int stride,
      int groups,
      int best) {
    float[] localValues = c.allocateFloatLocalArray(Selection.MOST_ITEMS);
    int[] localIds = c.allocateIntLocalArray(Selection.MOST_ITEMS);
    int group = c.groupIdx;
    int row = c.groupIdy;
    int item = c.localIdx;
    int rows = pass.get(0);
    if (row < rows && group < groups) {
      int count = Unrolling.prevent(best, rows);
      int base = row * stride;
      int share = (vocabulary + groups - 1) / groups;
      int from = group * share + item;
      int to = TornadoMath.min(group * share + share, vocabulary);
      int own = Selection.first(logits, base, from, to, c.localGroupSizeX);
      for (int n = 0; n < count; n++) {
        localValues[item] = Selection.value(logits, base, own);
        localIds[item] = own;
        for (int half = c.localGroupSizeX / 2; half > 0; half = half / 2) {
          c.localBarrier();
          if (item < half) {
            float other = localValues[item + half];
            int otherId = localIds[item + half];
            float mine = localValues[item];
            if (other > mine) {
              localValues[item] = other;
              localIds[item] = otherId;
            }
            if (other == mine) {
              localIds[item] = TornadoMath.min(localIds[item], otherId);
            }
          }
        }
        c.localBarrier();
        int winner = localIds[0];
        if (item == 0) {
          int at = (row * groups + group) * best + n;
          ids.set(at, winner);
          values.set(at, localValues[0]);
        }
        if (own == winner && own != NONE) {
          own = Selection.next(logits, base, from, to, c.localGroupSizeX, own);
        }
        c.localBarrier();
      }
    }
  }

  /**
   * The best of all candidates of each row.
   *
   * <p>Grid: x = one group, its size a power of two, at least {@code groups}, at most {@link
   * #MOST_ITEMS}; y = rows (one group a row in y); rows beyond the given do nothing. Bytes moved:
   * {@code 8 * rows * (groups + 2 * best)} to {@code 8 * rows * best * (groups + 1)}.
   *
   * @param c the context
   * @param pass its first int is the number of rows
   * @param ids what {@link #candidates} wrote
   * @param values likewise
   * @param bestIds {@code rows x best}
   * @param bestValues {@code rows x best}
   * @param groups shares of a row
   * @param best how many are wanted, at most {@link #MOST}
   */
  public static void merge(
      KernelContext c,
      IntArray pass,
      IntArray ids,
      FloatArray values,
      IntArray bestIds,
      FloatArray bestValues,
      int groups,
      int best) {
    float[] localValues = c.allocateFloatLocalArray(Selection.MOST_ITEMS);
    int[] localIds = c.allocateIntLocalArray(Selection.MOST_ITEMS);
    int row = c.groupIdy;
    int item = c.localIdx;
    int rows = pass.get(0);
    if (row < rows) {
      int count = Unrolling.prevent(best, rows);
      // Each list is in order already: an item shows the first of its list that is still there.
      int head = (row * groups + item) * best;
      int taken = 0;
      for (int n = 0; n < count; n++) {
        float value = Selection.NOTHING;
        int own = NONE;
        if (item < groups && taken < best) {
          value = values.get(head + taken);
          own = ids.get(head + taken);
        }
        localValues[item] = value;
        localIds[item] = own;
        for (int half = c.localGroupSizeX / 2; half > 0; half = half / 2) {
          c.localBarrier();
          if (item < half) {
            float other = localValues[item + half];
            int otherId = localIds[item + half];
            float mine = localValues[item];
            if (other > mine) {
              localValues[item] = other;
              localIds[item] = otherId;
            }
            if (other == mine) {
              localIds[item] = TornadoMath.min(localIds[item], otherId);
            }
          }
        }
        c.localBarrier();
        int winner = localIds[0];
        if (item == 0) {
          bestIds.set(row * best + n, winner);
          bestValues.set(row * best + n, localValues[0]);
        }
        if (own == winner) {
          taken++;
        }
        c.localBarrier();
      }
    }
  }
}

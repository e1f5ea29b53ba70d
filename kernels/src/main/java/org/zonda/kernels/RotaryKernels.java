package org.zonda.kernels;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Rotary position embedding (Su et al. 2021, arXiv:2104.09864) and the appending of keys and values
 * to the paged cache, in one launch.
 *
 * <p>The cache: keys as {@code [layer][page][kvHead][keyWidth][PAGE]}, so that attention's
 * work-items, one a position, read neighbouring elements; values as {@code
 * [layer][page][kvHead][PAGE][valueWidth]}, where neighbouring work-items take neighbouring
 * dimensions. Page p of {@link PassLayout}'s tables is the same page of every layer.
 */
public final class RotaryKernels {

  /** Elements 2i and 2i + 1 form a pair; without it i and i + pairs do. */
  public static final int ADJACENT = 1;

  /** The cache is F16 ({@code k16}, {@code v16}), not F32 ({@code k32}, {@code v32}). */
  public static final int HALF = 2;

  private RotaryKernels() {}

  /**
   * Work-items that one row needs: the x of the grid, before rounding up to whole groups.
   *
   * @param heads query heads
   * @param kvHeads key and value heads
   * @param keyWidth width of a query or key head
   * @param valueWidth width of a value head
   * @param pairs rotated pairs of a head
   * @return items
   */
  public static int items(int heads, int kvHeads, int keyWidth, int valueWidth, int pairs) {
    return heads * pairs + kvHeads * (keyWidth - pairs + valueWidth);
  }

  /**
   * Rotates the queries where they lie, and writes rotated keys, and values, into the cache at each
   * row's position. The keys' own array stays unrotated.
   *
   * <p>Grid: x at least {@link #items}, y at least the rows; what is beyond does nothing. Bytes
   * moved a row: {@code 8 * heads * 2 * pairs} for the queries, {@code (4 + e) * kvHeads *
   * (keyWidth + valueWidth)} with e bytes an element of the cache, {@code 8 * pairs} of the table.
   *
   * @param c the context
   * @param pass the pass
   * @param cursor the first layer of this execution
   * @param q queries; head h of row r begins at {@code offset + r * stride + h * keyWidth}
   * @param k keys, likewise; may be the same array as q
   * @param v values, likewise with valueWidth; may be the same array as q or k
   * @param table for each position {@code pairs} times cosine and sine, times the magnitude
   * @param k16 keys of the cache if it is F16, else a dummy of one element
   * @param v16 values likewise
   * @param k32 keys of the cache if it is F32, else a dummy of one element
   * @param v32 values likewise
   * @param slot layer within this execution
   * @param pages physical pages of one layer
   * @param capacity {@link Packed}: rows of a pass at most (M), pages of a sequence at most
   * @param heads {@link Packed}: query heads, KV heads
   * @param widths {@link Packed}: width of a key head, of a value head
   * @param queryAt {@link Packed}: offset and stride of q
   * @param keyAt {@link Packed}: offset and stride of k
   * @param valueAt {@link Packed}: offset and stride of v
   * @param rotary {@link Packed}: rotated pairs of a head (0: none; at most keyWidth / 2), and
   *     flags {@link #ADJACENT} and {@link #HALF}
   */
  public static void rotateAppend(
      KernelContext c,
      IntArray pass,
      IntArray cursor,
      FloatArray q,
      FloatArray k,
      FloatArray v,
      FloatArray table,
      HalfFloatArray k16,
      HalfFloatArray v16,
      FloatArray k32,
      FloatArray v32,
      int slot,
      int pages,
      int capacity,
      int heads,
      int widths,
      int queryAt,
      int keyAt,
      int valueAt,
      int rotary) {}
}

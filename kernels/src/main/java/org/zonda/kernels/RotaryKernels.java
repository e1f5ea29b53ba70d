package org.zonda.kernels;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
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
 * dimensions. Page p of {@link PassLayout}'s tables is the same page of every layer. Indices are
 * ints: neither array may have more than 2^31 - 1 elements. No share of the bandwidth has been
 * measured yet.
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
   * @param cursor the first layer of this execution, and where each layer's rotations begin
   * @param k keys; head h of row r begins at {@code offset + r * stride + h * keyWidth}
   * @param v values, likewise with valueWidth; may be the same array as k
   * @param q queries, laid out like keys; may be the same array as k or v. It stands after them
   *     because it is written: where an array is given several times, TornadoVM 5.2 takes what is
   *     given after the place where it is written for a result of this very task, and waits for
   *     ever
   * @param table for each position {@code pairs} times cosine and sine, times the magnitude; one
   *     such list after the other
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
      FloatArray k,
      FloatArray v,
      FloatArray q,
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
      int rotary) {
    int queryHeads = Packed.low(heads);
    int kvHeads = Packed.high(heads);
    int keyWidth = Packed.low(widths);
    int valueWidth = Packed.high(widths);
    int pairs = Packed.low(rotary);
    boolean half = (Packed.high(rotary) & HALF) != 0;
    int step = 1;
    int distance = pairs;
    if ((Packed.high(rotary) & ADJACENT) != 0) {
      step = 2;
      distance = 1;
    }
    // What an item does follows from its number: first pairs of queries, then pairs of keys, the
    // keys' elements that are not rotated, and values.
    int keyPairs = queryHeads * pairs;
    int keyRest = keyPairs + kvHeads * pairs;
    int rest = keyWidth - 2 * pairs;
    // Divisors stay above 0 where there are no such items: they are constants to the compiler.
    int pairDivisor = TornadoMath.max(pairs, 1);
    int restDivisor = TornadoMath.max(rest, 1);
    int values = keyRest + kvHeads * rest;
    int end = values + kvHeads * valueWidth;
    int item = c.globalIdx;
    int row = c.globalIdy;
    if (row < pass.get(PassLayout.ROWS) && item < end) {
      int position = pass.get(PassLayout.positions(Packed.low(capacity)) + row);
      int sequence = pass.get(PassLayout.sequences(Packed.low(capacity)) + row);
      int table0 = PassLayout.pages(Packed.low(capacity), Packed.high(capacity), sequence);
      int page = pass.get(table0 + position / PassLayout.PAGE);
      int inPage = position % PassLayout.PAGE;
      int layer = cursor.get(0) + slot;
      int turns = cursor.get(Cursor.rotation(layer)) + position * pairs * 2;
      int cachePage = (layer * pages + page) * kvHeads;
      if (item < keyPairs) {
        int pair = item % pairDivisor;
        int at = Packed.low(queryAt) + row * Packed.high(queryAt);
        at += item / pairDivisor * keyWidth + pair * step;
        float cosine = table.get(turns + pair * 2);
        float sine = table.get(turns + pair * 2 + 1);
        float a = q.get(at);
        float b = q.get(at + distance);
        q.set(at, a * cosine - b * sine);
        q.set(at + distance, a * sine + b * cosine);
      }
      if (item >= keyPairs && item < keyRest) {
        int pair = (item - keyPairs) % pairDivisor;
        int head = (item - keyPairs) / pairDivisor;
        int at = Packed.low(keyAt) + row * Packed.high(keyAt) + head * keyWidth + pair * step;
        float cosine = table.get(turns + pair * 2);
        float sine = table.get(turns + pair * 2 + 1);
        float a = k.get(at);
        float b = k.get(at + distance);
        int to = ((cachePage + head) * keyWidth + pair * step) * PassLayout.PAGE + inPage;
        int toSecond = to + distance * PassLayout.PAGE;
        CacheAccess.store(k16, k32, half, to, a * cosine - b * sine);
        CacheAccess.store(k16, k32, half, toSecond, a * sine + b * cosine);
      }
      if (item >= keyRest && item < values) {
        int element = 2 * pairs + (item - keyRest) % restDivisor;
        int head = (item - keyRest) / restDivisor;
        int at = Packed.low(keyAt) + row * Packed.high(keyAt) + head * keyWidth + element;
        int to = ((cachePage + head) * keyWidth + element) * PassLayout.PAGE + inPage;
        CacheAccess.store(k16, k32, half, to, k.get(at));
      }
      if (item >= values) {
        int element = (item - values) % valueWidth;
        int head = (item - values) / valueWidth;
        int at = Packed.low(valueAt) + row * Packed.high(valueAt) + head * valueWidth + element;
        int to = ((cachePage + head) * PassLayout.PAGE + inPage) * valueWidth + element;
        CacheAccess.store(v16, v32, half, to, v.get(at));
      }
    }
  }
}

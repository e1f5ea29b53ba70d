package org.zonda.kernels;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Causal attention over the paged cache (its layout: {@link RotaryKernels}). A row at position p of
 * its sequence sees positions 0 to p, or p - window + 1 to p; its own key is in the cache already.
 * A score is {@code scale * (query . key)}, then soft-capped to {@code softCap * tanh(score /
 * softCap)}, then biased by ALiBi.
 *
 * <p>The softmax is online (Milakov and Gimelshein 2018, arXiv:1805.02867), tiled as in Dao et al.
 * 2022, arXiv:2205.14135; splitting a sequence over groups as in Flash-Decoding (Dao et al. 2023).
 */
public final class AttentionKernels {

  /** The running maximum of a split that saw nothing, and the score of what must not be seen. */
  public static final float MASKED = -1e30f;

  private AttentionKernels() {}

  /**
   * Floats of local memory of a group of {@link #decode}.
   *
   * @param headsPerGroup query heads of a group
   * @param keyWidth width of a key head
   * @param valueWidth width of a value head
   * @param items work-items of a group
   * @return floats
   */
  public static int decodeLocalFloats(int headsPerGroup, int keyWidth, int valueWidth, int items) {
    return DecodeAttention.localFloats(headsPerGroup, keyWidth, valueWidth, items);
  }

  /**
   * Floats of local memory of a group of {@link #prefill}.
   *
   * @param headsPerGroup query heads of a group
   * @param keyWidth width of a key head
   * @param valueWidth width of a value head
   * @return floats
   */
  public static int prefillLocalFloats(int headsPerGroup, int keyWidth, int valueWidth) {
    return PrefillAttention.localFloats(headsPerGroup, keyWidth, valueWidth);
  }

  /**
   * Floats of the workspace between {@link #decode} and {@link #combine}.
   *
   * @param rows most rows of a pass
   * @param heads query heads
   * @param splits parts of a sequence
   * @param valueWidth width of a value head
   * @return floats
   */
  public static long workspaceFloats(int rows, int heads, int splits, int valueWidth) {
    return (long) rows * heads * splits * (valueWidth + 2);
  }

  /**
   * Attention of single rows: a group serves some query heads of one KV head over its share of the
   * row's visible pages, so that keys and values are read once for all of them. To be followed by
   * {@link #combine}.
   *
   * <p>Grid: x = {@code kvHeads * shares * splits} groups of exactly {@link AttentionPlan#items}
   * items (shares: {@link AttentionPlan#shares}), y = rows (one group a row in y); rows beyond
   * those of the pass do nothing. Bytes moved a row: {@code e * positions * kvHeads * (keyWidth +
   * valueWidth)} with e bytes an element of the cache, times shares (the second reading may come
   * from the cache of the device); little else.
   *
   * @param c the context
   * @param pass the pass
   * @param cursor the first layer of this execution
   * @param q rotated queries; head h of row r begins at {@code offset + r * stride + h * keyWidth}
   * @param k16 keys of the cache if it is F16, else a dummy of one element
   * @param v16 values likewise
   * @param k32 keys of the cache if it is F32, else a dummy of one element
   * @param v32 values likewise
   * @param slopes ALiBi slope of each query head, or a dummy of one element
   * @param workspace {@code [row][head][split]} of {@code 2 + valueWidth} floats: largest score,
   *     sum of weights relative to it, weighted sum of values; a split with nothing to see writes
   *     {@link #MASKED}, 0 and zeros
   * @param slot layer within this execution
   * @param pages physical pages of one layer
   * @param capacity {@link Packed}: rows of a pass at most (M), pages of a sequence at most
   * @param heads {@link Packed}: query heads, KV heads
   * @param widths {@link Packed}: width of a key head, of a value head
   * @param queryAt {@link Packed}: offset and stride of q
   * @param plan {@link AttentionPlan}
   * @param window positions that a row sees, its own included; 0 for all
   * @param scale factor on dot products
   * @param softCap bound of scores, 0 for none
   */
  public static void decode(
      KernelContext c,
      IntArray pass,
      IntArray cursor,
      FloatArray q,
      HalfFloatArray k16,
      HalfFloatArray v16,
      FloatArray k32,
      FloatArray v32,
      FloatArray slopes,
      FloatArray workspace,
      int slot,
      int pages,
      int capacity,
      int heads,
      int widths,
      int queryAt,
      int plan,
      int window,
      float scale,
      float softCap) {
    DecodeAttention.run(
        c, pass, cursor, q, k16, v16, k32, v32, slopes, workspace, slot, pages, capacity, heads,
        widths, queryAt, plan, window, scale, softCap);
  }

  /**
   * Merges the splits of {@link #decode}.
   *
   * <p>Grid: x = {@code heads} groups of any size, y = rows (one group a row in y). Bytes moved:
   * {@code 4 * rows * heads * (splits * (valueWidth + 2) + valueWidth)}.
   *
   * @param c the context
   * @param pass the pass; only its number of rows is read
   * @param workspace what decode wrote
   * @param out head h of row r begins at {@code r * outStride + h * valueWidth}
   * @param heads query heads
   * @param valueWidth width of a value head
   * @param splits parts of a sequence
   * @param outStride floats from row to row
   */
  public static void combine(
      KernelContext c,
      IntArray pass,
      FloatArray workspace,
      FloatArray out,
      int heads,
      int valueWidth,
      int splits,
      int outStride) {
    int head = c.groupIdx;
    int row = c.groupIdy;
    if (row < pass.get(PassLayout.ROWS) && head < heads) {
      int stride = valueWidth + 2;
      int from = (row * heads + head) * splits * stride;
      float largest = MASKED;
      for (int s = 0; s < splits; s++) {
        largest = TornadoMath.max(largest, workspace.get(from + s * stride));
      }
      float total = 0f;
      for (int s = 0; s < splits; s++) {
        float weight = TornadoMath.exp(workspace.get(from + s * stride) - largest);
        total += weight * workspace.get(from + s * stride + 1);
      }
      for (int i = c.localIdx; i < valueWidth; i += c.localGroupSizeX) {
        float sum = 0f;
        for (int s = 0; s < splits; s++) {
          float weight = TornadoMath.exp(workspace.get(from + s * stride) - largest);
          sum += weight * workspace.get(from + s * stride + 2 + i);
        }
        out.set(row * outStride + head * valueWidth + i, sum / total);
      }
    }
  }

  /**
   * Attention of tiles of consecutive rows of one sequence: a group serves some query heads of one
   * KV head for all rows of a tile, page after page; pages that no row of the tile sees are
   * skipped. The same result as {@link #decode} and {@link #combine}.
   *
   * <p>Grid: x = {@code kvHeads * shares} groups of exactly {@link AttentionPlan#items} items, y =
   * tiles (one group a tile in y); tiles beyond those of the pass do nothing. Bytes moved a tile:
   * {@code e * positions * kvHeads * shares * (keyWidth + valueWidth)} with e bytes an element of
   * the cache.
   *
   * @param c the context
   * @param pass the pass
   * @param cursor the first layer of this execution
   * @param q rotated queries; head h of row r begins at {@code offset + r * stride + h * keyWidth}
   * @param k16 keys of the cache if it is F16, else a dummy of one element
   * @param v16 values likewise
   * @param k32 keys of the cache if it is F32, else a dummy of one element
   * @param v32 values likewise
   * @param slopes ALiBi slope of each query head, or a dummy of one element
   * @param out head h of row r begins at {@code (r * heads + h) * valueWidth}
   * @param slot layer within this execution
   * @param pages physical pages of one layer
   * @param capacity {@link Packed}: rows of a pass at most (M), pages of a sequence at most
   * @param heads {@link Packed}: query heads, KV heads
   * @param widths {@link Packed}: width of a key head, of a value head
   * @param queryAt {@link Packed}: offset and stride of q
   * @param plan {@link AttentionPlan}; its splits are not used
   * @param window positions that a row sees, its own included; 0 for all
   * @param scale factor on dot products
   * @param softCap bound of scores, 0 for none
   */
  public static void prefill(
      KernelContext c,
      IntArray pass,
      IntArray cursor,
      FloatArray q,
      HalfFloatArray k16,
      HalfFloatArray v16,
      FloatArray k32,
      FloatArray v32,
      FloatArray slopes,
      FloatArray out,
      int slot,
      int pages,
      int capacity,
      int heads,
      int widths,
      int queryAt,
      int plan,
      int window,
      float scale,
      float softCap) {
    PrefillAttention.run(
        c, pass, cursor, q, k16, v16, k32, v32, slopes, out, slot, pages, capacity, heads, widths,
        queryAt, plan, window, scale, softCap);
  }
}

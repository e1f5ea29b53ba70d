package org.zonda.kernels;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Attention of many rows, as {@link AttentionKernels} defines it: two small matrix products a page,
 * queries by keys and weights by values, with the softmax between them. A work-item computes 4 by 4
 * results at a time, so that each element it loads is used four times. A vector is one head of one
 * row: vector v is head {@code v % headsPerGroup} of row {@code v / headsPerGroup}. No share of the
 * bandwidth or the arithmetic has been measured yet.
 */
public final class PrefillKernels {

  /** Vectors, and positions or elements, that an item works on at a time. */
  private static final int SIDE = 4;

  /** Items that take the positions of a page. */
  private static final int LANES = PassLayout.PAGE / SIDE;

  private PrefillKernels() {}

  /**
   * Floats of local memory of a group of {@link #attention}.
   *
   * @param headsPerGroup query heads of a group
   * @param keyWidth width of a key head
   * @param valueWidth width of a value head
   * @return floats
   */
  public static int localFloats(int headsPerGroup, int keyWidth, int valueWidth) {
    int vectors = PassLayout.QUERY_TILE * headsPerGroup;
    int sums = SIDE * columns(valueWidth);
    return vectors * (keyWidth + PassLayout.PAGE + sums + 3 * AttentionScore.PARTS + 1);
  }

  /**
   * Attention of tiles of consecutive rows of one sequence: a group serves some query heads of one
   * KV head for all rows of a tile, page after page; pages that no row of the tile sees are
   * skipped. The same result as {@link AttentionKernels#decode} and {@link
   * AttentionKernels#combine}.
   *
   * <p>Grid: x = {@code kvHeads * shares} groups of exactly {@link AttentionPlan#items} items, y =
   * tiles (one group a tile in y); tiles beyond those of the pass do nothing. Bytes moved a tile:
   * {@code e * positions * kvHeads * shares * (keyWidth + valueWidth)} with e bytes an element of
   * the cache.
   *
   * @param c the context
   * @param pass the pass
   * @param cursor the first layer of this execution, and each layer's window
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
   * @param scale factor on dot products
   * @param softCap bound of scores, 0 for none
   */
  public static void attention(
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
      float scale,
      float softCap) {
    int queryHeads = Packed.low(heads);
    int kvHeads = Packed.high(heads);
    int keyWidth = Packed.low(widths);
    int valueWidth = Packed.high(widths);
    int perKvHead = queryHeads / kvHeads;
    int perGroup = AttentionPlan.headsPerGroup(plan);
    int items = AttentionPlan.items(plan);
    int shares = (perKvHead + perGroup - 1) / perGroup;
    int vectors = PassLayout.QUERY_TILE * perGroup;
    int columns = columns(valueWidth);
    boolean half = AttentionPlan.half(plan);
    boolean all = AttentionPlan.all(plan);
    float[] queries = c.allocateFloatLocalArray(keyWidth * vectors);
    float[] scores = c.allocateFloatLocalArray(vectors * PassLayout.PAGE);
    float[] sums = c.allocateFloatLocalArray(vectors * columns * SIDE);
    float[] partial = c.allocateFloatLocalArray(vectors * AttentionScore.PARTS);
    float[] largest = c.allocateFloatLocalArray(vectors * AttentionScore.PARTS);
    float[] totals = c.allocateFloatLocalArray(vectors * AttentionScore.PARTS);
    float[] shrink = c.allocateFloatLocalArray(vectors);
    float[] results = new float[SIDE * SIDE];
    float[] loaded = new float[SIDE];
    int item = c.localIdx;
    int group = c.groupIdx;
    int tile = c.groupIdy;
    int tiles = pass.get(PassLayout.TILES);
    if (tile < tiles && group < kvHeads * shares) {
      int kvHead = group / shares;
      int inKvHead = group % shares * perGroup;
      int firstHead = kvHead * perKvHead + inKvHead;
      int used = TornadoMath.min(perGroup, perKvHead - inKvHead);
      int tileAt = PassLayout.tiles(Packed.low(capacity)) + tile * PassLayout.TILE_INTS;
      int firstRow = pass.get(tileAt);
      int rows = pass.get(tileAt + 1);
      int position = pass.get(PassLayout.positions(Packed.low(capacity)) + firstRow);
      int sequence = pass.get(PassLayout.sequences(Packed.low(capacity)) + firstRow);
      int table = PassLayout.pages(Packed.low(capacity), Packed.high(capacity), sequence);
      int layer = cursor.get(0) + slot;
      int window = cursor.get(Cursor.window(layer));
      int layerPage = layer * pages;
      int elements = Unrolling.prevent(keyWidth, tiles);
      int lastRow = firstRow + rows - 1;
      int last =
          AttentionScore.end(pass, Packed.low(capacity), lastRow, position + rows - 1, all) - 1;
      int quads = (rows * perGroup + SIDE - 1) / SIDE;

      int query = Packed.low(queryAt) + firstRow * Packed.high(queryAt) + firstHead * keyWidth;
      for (int i = item; i < vectors * keyWidth; i += items) {
        int v = i / keyWidth;
        int row = v / perGroup;
        int head = v % perGroup;
        float value = 0f;
        if (row < rows && head < used) {
          int at = query + row * Packed.high(queryAt) + head * keyWidth + i % keyWidth;
          value = q.get(at) * scale;
        }
        queries[i % keyWidth * vectors + v] = value;
      }
      for (int i = item; i < vectors * columns * SIDE; i += items) {
        sums[i] = 0f;
      }
      for (int i = item; i < vectors * AttentionScore.PARTS; i += items) {
        largest[i] = AttentionKernels.MASKED;
        totals[i] = 0f;
      }
      c.localBarrier();

      int firstPage = AttentionScore.firstVisible(position, window) / PassLayout.PAGE;
      for (int p = firstPage; p <= last / PassLayout.PAGE; p++) {
        int start = p * PassLayout.PAGE;
        int count = TornadoMath.min(PassLayout.PAGE, last + 1 - start);
        int page = (layerPage + pass.get(table + p)) * kvHeads + kvHead;
        int keys = page * keyWidth * PassLayout.PAGE;
        int values = page * PassLayout.PAGE * valueWidth;

        // Scores: four vectors by four positions an item. Positions that are not there yet are
        // taken for the last one, and masked below.
        for (int unit = item; unit < quads * LANES; unit += items) {
          int v = unit / LANES * SIDE;
          int lane = unit % LANES;
          for (int n = 0; n < SIDE * SIDE; n++) {
            results[n] = 0f;
          }
          for (int i = 0; i < elements; i++) {
            for (int n = 0; n < SIDE; n++) {
              int key = keys + TornadoMath.min(lane + n * LANES, count - 1);
              loaded[n] = CacheAccess.load(k16, k32, half, key + i * PassLayout.PAGE);
            }
            for (int n = 0; n < SIDE * SIDE; n++) {
              results[n] += queries[i * vectors + v + n / SIDE] * loaded[n % SIDE];
            }
          }
          for (int n = 0; n < SIDE * SIDE; n++) {
            scores[(v + n / SIDE) * PassLayout.PAGE + lane + n % SIDE * LANES] = results[n];
          }
        }
        c.localBarrier();
        for (int i = item; i < quads * SIDE * PassLayout.PAGE; i += items) {
          int v = i / PassLayout.PAGE;
          int key = start + i % PassLayout.PAGE;
          int from = position + v / perGroup;
          float score = AttentionScore.capped(scores[i], softCap);
          if (AttentionPlan.alibi(plan)) {
            int head = TornadoMath.min(firstHead + v % perGroup, queryHeads - 1);
            score += slopes.get(head) * (key - from);
          }
          int latest = from;
          if (all) {
            latest = last;
          }
          if (key > latest || key > last || key < AttentionScore.firstVisible(from, window)) {
            score = AttentionKernels.MASKED;
          }
          scores[i] = score;
        }
        c.localBarrier();

        // Softmax: each part its largest; with those the weights. What was added up while all was
        // masked is shrunk to nothing by the first score that is not.
        for (int i = item; i < quads * SIDE * AttentionScore.PARTS; i += items) {
          int line = i / AttentionScore.PARTS * PassLayout.PAGE;
          float max = AttentionKernels.MASKED;
          for (int n = i % AttentionScore.PARTS; n < PassLayout.PAGE; n += AttentionScore.PARTS) {
            max = TornadoMath.max(max, scores[line + n]);
          }
          partial[i] = max;
        }
        c.localBarrier();
        for (int i = item; i < quads * SIDE * AttentionScore.PARTS; i += items) {
          int v = i / AttentionScore.PARTS;
          float max = largest[i];
          for (int part = 0; part < AttentionScore.PARTS; part++) {
            max = TornadoMath.max(max, partial[v * AttentionScore.PARTS + part]);
          }
          float factor = TornadoMath.exp(largest[i] - max);
          float total = totals[i] * factor;
          for (int n = i % AttentionScore.PARTS; n < PassLayout.PAGE; n += AttentionScore.PARTS) {
            float weight = TornadoMath.exp(scores[v * PassLayout.PAGE + n] - max);
            scores[v * PassLayout.PAGE + n] = weight;
            total += weight;
          }
          largest[i] = max;
          totals[i] = total;
          if (i % AttentionScore.PARTS == 0) {
            shrink[v] = factor;
          }
        }
        c.localBarrier();

        // Values: four vectors by four elements an item, a quarter of the width apart. Where the
        // width is no multiple of four, the last elements compute for nobody.
        for (int unit = item; unit < quads * columns; unit += items) {
          int v = unit / columns * SIDE;
          int element = unit % columns;
          for (int n = 0; n < SIDE * SIDE; n++) {
            int at = (v + n / SIDE) * columns * SIDE + n % SIDE * columns + element;
            results[n] = sums[at] * shrink[v + n / SIDE];
          }
          for (int i = 0; i < count; i++) {
            for (int n = 0; n < SIDE; n++) {
              int value = values + TornadoMath.min(element + n * columns, valueWidth - 1);
              loaded[n] = CacheAccess.load(v16, v32, half, value + i * valueWidth);
            }
            for (int n = 0; n < SIDE * SIDE; n++) {
              results[n] += scores[(v + n / SIDE) * PassLayout.PAGE + i] * loaded[n % SIDE];
            }
          }
          for (int n = 0; n < SIDE * SIDE; n++) {
            int at = (v + n / SIDE) * columns * SIDE + n % SIDE * columns + element;
            sums[at] = results[n];
          }
        }
        c.localBarrier();
      }

      for (int i = item; i < rows * perGroup * valueWidth; i += items) {
        int v = i / valueWidth;
        int element = i % valueWidth;
        int head = v % perGroup;
        if (head < used) {
          int to = ((firstRow + v / perGroup) * queryHeads + firstHead + head) * valueWidth;
          float total = 0f;
          for (int part = 0; part < AttentionScore.PARTS; part++) {
            total += totals[v * AttentionScore.PARTS + part];
          }
          out.set(to + element, sums[v * columns * SIDE + element] / total);
        }
      }
    }
  }

  /** A quarter of the values' elements, rounded up. */
  private static int columns(int valueWidth) {
    return (valueWidth + SIDE - 1) / SIDE;
  }
}

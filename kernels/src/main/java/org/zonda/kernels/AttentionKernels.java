package org.zonda.kernels;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Attention over the paged cache (its layout: {@link RotaryKernels}). A row at position p of its
 * sequence sees positions 0 to p, or p - window + 1 to p, the window being the layer's in the
 * {@link Cursor}, or with {@link AttentionPlan#ALL} every position that the sequence has in the end
 * of this pass; the keys of all of these are in the cache already. A score is {@code scale * (query
 * . key)}, then soft-capped to {@code softCap * tanh(score / softCap)}, then biased by ALiBi.
 *
 * <p>The softmax is online (Milakov and Gimelshein 2018, arXiv:1805.02867), tiled as in Dao et al.
 * 2022, arXiv:2205.14135; splitting a sequence over groups as in Flash-Decoding (Dao et al. 2023).
 * No share of the bandwidth has been measured yet.
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
    int parts = valueParts(items, valueWidth);
    return headsPerGroup * (keyWidth + items + parts * valueWidth + 3 * AttentionScore.PARTS + 1)
        + items;
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
   * @param cursor the first layer of this execution, and each layer's window
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
      float scale,
      float softCap) {
    int queryHeads = Packed.low(heads);
    int kvHeads = Packed.high(heads);
    int keyWidth = Packed.low(widths);
    int valueWidth = Packed.high(widths);
    int perKvHead = queryHeads / kvHeads;
    int vectors = AttentionPlan.headsPerGroup(plan);
    int splits = AttentionPlan.splits(plan);
    int items = AttentionPlan.items(plan);
    int shares = (perKvHead + vectors - 1) / vectors;
    int parts = valueParts(items, valueWidth);
    boolean half = AttentionPlan.half(plan);
    boolean all = AttentionPlan.all(plan);
    float[] queries = c.allocateFloatLocalArray(vectors * keyWidth);
    float[] scores = c.allocateFloatLocalArray(vectors * items);
    float[] sums = c.allocateFloatLocalArray(vectors * parts * valueWidth);
    float[] partial = c.allocateFloatLocalArray(vectors * AttentionScore.PARTS);
    float[] largest = c.allocateFloatLocalArray(vectors * AttentionScore.PARTS);
    float[] totals = c.allocateFloatLocalArray(vectors * AttentionScore.PARTS);
    float[] shrink = c.allocateFloatLocalArray(vectors);
    int[] places = c.allocateIntLocalArray(items);
    float[] results = new float[vectors];
    int item = c.localIdx;
    int group = c.groupIdx;
    int row = c.groupIdy;
    int rows = pass.get(PassLayout.ROWS);
    if (row < rows && group < kvHeads * shares * splits) {
      int split = group % splits;
      int kvHead = group / splits / shares;
      int inKvHead = group / splits % shares * vectors;
      int firstHead = kvHead * perKvHead + inKvHead;
      int used = TornadoMath.min(vectors, perKvHead - inKvHead);
      int position = pass.get(PassLayout.positions(Packed.low(capacity)) + row);
      int sequence = pass.get(PassLayout.sequences(Packed.low(capacity)) + row);
      int table = PassLayout.pages(Packed.low(capacity), Packed.high(capacity), sequence);
      int end = AttentionScore.end(pass, Packed.low(capacity), row, position, all);
      int layer = cursor.get(0) + slot;
      int layerPage = layer * pages;
      int elements = Unrolling.prevent(keyWidth, rows);
      int first = AttentionScore.firstVisible(position, cursor.get(Cursor.window(layer)));
      int firstPage = first / PassLayout.PAGE;
      int pagesPerSplit = ((end - 1) / PassLayout.PAGE - firstPage + splits) / splits;
      int from = (firstPage + split * pagesPerSplit) * PassLayout.PAGE;
      int to = TornadoMath.min(from + pagesPerSplit * PassLayout.PAGE, end);

      int query = Packed.low(queryAt) + row * Packed.high(queryAt) + firstHead * keyWidth;
      for (int i = item; i < vectors * keyWidth; i += items) {
        float value = 0f;
        if (i < used * keyWidth) {
          value = q.get(query + i) * scale;
        }
        queries[i] = value;
      }
      for (int i = item; i < vectors * parts * valueWidth; i += items) {
        sums[i] = 0f;
      }
      for (int i = item; i < vectors * AttentionScore.PARTS; i += items) {
        largest[i] = MASKED;
        totals[i] = 0f;
      }
      c.localBarrier();

      for (int start = from; start < to; start += items) {
        // Scores: one position an item, all heads. Items beyond the end read the last position.
        int mine = TornadoMath.min(start + item, to - 1);
        int page = (layerPage + pass.get(table + mine / PassLayout.PAGE)) * kvHeads + kvHead;
        int inPage = mine % PassLayout.PAGE;
        int key = page * keyWidth * PassLayout.PAGE + inPage;
        places[item] = (page * PassLayout.PAGE + inPage) * valueWidth;
        for (int v = 0; v < vectors; v++) {
          results[v] = 0f;
        }
        for (int i = 0; i < elements; i++) {
          float element = CacheAccess.load(k16, k32, half, key + i * PassLayout.PAGE);
          for (int v = 0; v < vectors; v++) {
            results[v] += queries[v * keyWidth + i] * element;
          }
        }
        boolean visible = start + item < to && mine >= first;
        for (int v = 0; v < vectors; v++) {
          float score = AttentionScore.capped(results[v], softCap);
          if (AttentionPlan.alibi(plan)) {
            int head = TornadoMath.min(firstHead + v, queryHeads - 1);
            score += slopes.get(head) * (mine - position);
          }
          if (!visible) {
            score = MASKED;
          }
          scores[v * items + item] = score;
        }
        c.localBarrier();

        // Softmax: each part its largest; with those the weights. What was added up while all was
        // masked is shrunk to nothing by the first score that is not.
        for (int i = item; i < vectors * AttentionScore.PARTS; i += items) {
          int line = i / AttentionScore.PARTS * items;
          float max = MASKED;
          for (int p = i % AttentionScore.PARTS; p < items; p += AttentionScore.PARTS) {
            max = TornadoMath.max(max, scores[line + p]);
          }
          partial[i] = max;
        }
        c.localBarrier();
        for (int i = item; i < vectors * AttentionScore.PARTS; i += items) {
          int v = i / AttentionScore.PARTS;
          float max = largest[i];
          for (int part = 0; part < AttentionScore.PARTS; part++) {
            max = TornadoMath.max(max, partial[v * AttentionScore.PARTS + part]);
          }
          float factor = TornadoMath.exp(largest[i] - max);
          float total = totals[i] * factor;
          for (int p = i % AttentionScore.PARTS; p < items; p += AttentionScore.PARTS) {
            float weight = TornadoMath.exp(scores[v * items + p] - max);
            scores[v * items + p] = weight;
            total += weight;
          }
          largest[i] = max;
          totals[i] = total;
          if (i % AttentionScore.PARTS == 0) {
            shrink[v] = factor;
          }
        }
        c.localBarrier();

        // Values: one element an item, or a part of the positions of one, or several.
        int count = TornadoMath.min(items, to - start);
        for (int unit = item; unit < parts * valueWidth; unit += items) {
          for (int v = 0; v < vectors; v++) {
            results[v] = sums[v * parts * valueWidth + unit] * shrink[v];
          }
          for (int p = unit / valueWidth; p < count; p += parts) {
            float value = CacheAccess.load(v16, v32, half, places[p] + unit % valueWidth);
            for (int v = 0; v < vectors; v++) {
              results[v] += scores[v * items + p] * value;
            }
          }
          for (int v = 0; v < vectors; v++) {
            sums[v * parts * valueWidth + unit] = results[v];
          }
        }
        c.localBarrier();
      }

      for (int i = item; i < used * valueWidth; i += items) {
        int v = i / valueWidth;
        int element = i % valueWidth;
        int result = ((row * queryHeads + firstHead + v) * splits + split) * (valueWidth + 2);
        float sum = 0f;
        for (int part = 0; part < parts; part++) {
          sum += sums[(v * parts + part) * valueWidth + element];
        }
        workspace.set(result + 2 + element, sum);
        if (element == 0) {
          float total = 0f;
          for (int part = 0; part < AttentionScore.PARTS; part++) {
            total += totals[v * AttentionScore.PARTS + part];
          }
          workspace.set(result, largest[v * AttentionScore.PARTS]);
          workspace.set(result + 1, total);
        }
      }
    }
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
      int parts = Unrolling.prevent(splits, pass.get(PassLayout.ROWS));
      int from = (row * heads + head) * splits * stride;
      float largest = MASKED;
      for (int s = 0; s < parts; s++) {
        largest = TornadoMath.max(largest, workspace.get(from + s * stride));
      }
      float total = 0f;
      for (int s = 0; s < parts; s++) {
        float weight = TornadoMath.exp(workspace.get(from + s * stride) - largest);
        total += weight * workspace.get(from + s * stride + 1);
      }
      for (int i = c.localIdx; i < valueWidth; i += c.localGroupSizeX) {
        float sum = 0f;
        for (int s = 0; s < parts; s++) {
          float weight = TornadoMath.exp(workspace.get(from + s * stride) - largest);
          sum += weight * workspace.get(from + s * stride + 2 + i);
        }
        out.set(row * outStride + head * valueWidth + i, sum / total);
      }
    }
  }

  /** How many items share an element of the values, each with its own share of the positions. */
  private static int valueParts(int items, int valueWidth) {
    return TornadoMath.max(items / valueWidth, 1);
  }
}

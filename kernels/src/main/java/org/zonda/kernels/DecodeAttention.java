package org.zonda.kernels;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * The body of {@link AttentionKernels#decode}. A group goes through its positions in blocks of one
 * position a work-item: each item computes its position's score for every head, with the keys laid
 * out so that neighbours read neighbours; then each takes one element of the values (or several, or
 * shares one with others, as the value width is) for all positions of the block. Four heads are
 * worked on at a time, so that what is loaded from the cache is used four times.
 */
final class DecodeAttention {

  private DecodeAttention() {}

  /** How many items share an element of the values, each with its own share of the positions. */
  static int parts(int items, int valueWidth) {
    return TornadoMath.max(items / valueWidth, 1);
  }

  static int localFloats(int heads, int keyWidth, int valueWidth, int items) {
    return heads * (keyWidth + items + parts(items, valueWidth) * valueWidth)
        + OnlineSoftmax.floats(heads)
        + items;
  }

  static void run(
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
    int queryHeads = Packed.low(heads);
    int kvHeads = Packed.high(heads);
    int keyWidth = Packed.low(widths);
    int valueWidth = Packed.high(widths);
    int perKvHead = queryHeads / kvHeads;
    int vectors = AttentionPlan.headsPerGroup(plan);
    int splits = AttentionPlan.splits(plan);
    int items = AttentionPlan.items(plan);
    int shares = (perKvHead + vectors - 1) / vectors;
    boolean half = AttentionPlan.half(plan);
    int parts = parts(items, valueWidth);
    float[] queries = c.allocateFloatLocalArray(vectors * keyWidth);
    float[] scores = c.allocateFloatLocalArray(vectors * items);
    float[] sums = c.allocateFloatLocalArray(vectors * parts * valueWidth);
    float[] partial = c.allocateFloatLocalArray(vectors * OnlineSoftmax.PARTS);
    float[] largest = c.allocateFloatLocalArray(vectors * OnlineSoftmax.PARTS);
    float[] totals = c.allocateFloatLocalArray(vectors * OnlineSoftmax.PARTS);
    float[] shrink = c.allocateFloatLocalArray(vectors);
    int[] places = c.allocateIntLocalArray(items);
    int item = c.localIdx;
    int group = c.groupIdx;
    int row = c.groupIdy;
    if (row < pass.get(PassLayout.ROWS) && group < kvHeads * shares * splits) {
      int split = group % splits;
      int kvHead = group / splits / shares;
      int inKvHead = group / splits % shares * vectors;
      int firstHead = kvHead * perKvHead + inKvHead;
      int used = TornadoMath.min(vectors, perKvHead - inKvHead);
      int position = pass.get(PassLayout.positions(Packed.low(capacity)) + row);
      int sequence = pass.get(PassLayout.sequences(Packed.low(capacity)) + row);
      int table = PassLayout.pages(Packed.low(capacity), Packed.high(capacity), sequence);
      int layerPage = (cursor.get(0) + slot) * pages;
      int first = AttentionScore.firstVisible(position, window);
      int firstPage = first / PassLayout.PAGE;
      int pagesPerSplit = (position / PassLayout.PAGE - firstPage + splits) / splits;
      int from = (firstPage + split * pagesPerSplit) * PassLayout.PAGE;
      int to = TornadoMath.min(from + pagesPerSplit * PassLayout.PAGE, position + 1);

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
      OnlineSoftmax.start(largest, totals, vectors, item, items);
      c.localBarrier();

      for (int start = from; start < to; start += items) {
        // Items beyond the end read the last position, and are masked.
        int mine = TornadoMath.min(start + item, to - 1);
        int page = (layerPage + pass.get(table + mine / PassLayout.PAGE)) * kvHeads + kvHead;
        int inPage = mine % PassLayout.PAGE;
        int key = page * keyWidth * PassLayout.PAGE + inPage;
        places[item] = (page * PassLayout.PAGE + inPage) * valueWidth;
        dots(k16, k32, half, key, queries, scores, vectors, keyWidth, item, items);
        boolean visible = start + item < to && mine >= first;
        for (int h = 0; h < vectors; h++) {
          float score = AttentionScore.capped(scores[h * items + item], softCap);
          if (AttentionPlan.alibi(plan)) {
            int head = TornadoMath.min(firstHead + h, queryHeads - 1);
            score += slopes.get(head) * (mine - position);
          }
          if (!visible) {
            score = AttentionKernels.MASKED;
          }
          scores[h * items + item] = score;
        }
        c.localBarrier();
        OnlineSoftmax.partialMaxima(scores, partial, vectors, items, item, items);
        c.localBarrier();
        OnlineSoftmax.weigh(scores, partial, largest, totals, shrink, vectors, items, item, items);
        c.localBarrier();
        int count = TornadoMath.min(items, to - start);
        for (int unit = item; unit < parts * valueWidth; unit += items) {
          addValues(
              v16,
              v32,
              half,
              places,
              scores,
              shrink,
              sums,
              vectors,
              valueWidth,
              parts,
              unit,
              count,
              items);
        }
        c.localBarrier();
      }

      for (int i = item; i < used * valueWidth; i += items) {
        int h = i / valueWidth;
        int element = i % valueWidth;
        int out = ((row * queryHeads + firstHead + h) * splits + split) * (valueWidth + 2);
        float sum = 0f;
        for (int part = 0; part < parts; part++) {
          sum += sums[(h * parts + part) * valueWidth + element];
        }
        workspace.set(out + 2 + element, sum);
        if (element == 0) {
          workspace.set(out, largest[h * OnlineSoftmax.PARTS]);
          workspace.set(out + 1, OnlineSoftmax.total(totals, h));
        }
      }
    }
  }

  /** The dot products of one key with all query vectors: column {@code item} of the scores. */
  private static void dots(
      HalfFloatArray k16,
      FloatArray k32,
      boolean half,
      int key,
      float[] queries,
      float[] scores,
      int vectors,
      int keyWidth,
      int item,
      int items) {
    int fours = vectors / 4 * 4;
    for (int v = 0; v < fours; v += 4) {
      int at = v * keyWidth;
      float dot0 = 0f;
      float dot1 = 0f;
      float dot2 = 0f;
      float dot3 = 0f;
      for (int i = 0; i < keyWidth; i++) {
        float element = CacheAccess.load(k16, k32, half, key + i * PassLayout.PAGE);
        dot0 += queries[at + i] * element;
        dot1 += queries[at + keyWidth + i] * element;
        dot2 += queries[at + 2 * keyWidth + i] * element;
        dot3 += queries[at + 3 * keyWidth + i] * element;
      }
      scores[v * items + item] = dot0;
      scores[(v + 1) * items + item] = dot1;
      scores[(v + 2) * items + item] = dot2;
      scores[(v + 3) * items + item] = dot3;
    }
    for (int v = fours; v < vectors; v++) {
      float dot = 0f;
      for (int i = 0; i < keyWidth; i++) {
        float element = CacheAccess.load(k16, k32, half, key + i * PassLayout.PAGE);
        dot += queries[v * keyWidth + i] * element;
      }
      scores[v * items + item] = dot;
    }
  }

  /**
   * Adds the block's weighted values to one element's sums, {@code sums[vector][part][element]}.
   */
  private static void addValues(
      HalfFloatArray v16,
      FloatArray v32,
      boolean half,
      int[] places,
      float[] weights,
      float[] shrink,
      float[] sums,
      int vectors,
      int valueWidth,
      int parts,
      int unit,
      int count,
      int items) {
    int part = unit / valueWidth;
    int element = unit % valueWidth;
    int stride = parts * valueWidth;
    int fours = vectors / 4 * 4;
    for (int v = 0; v < fours; v += 4) {
      int at = v * stride + unit;
      float sum0 = sums[at] * shrink[v];
      float sum1 = sums[at + stride] * shrink[v + 1];
      float sum2 = sums[at + 2 * stride] * shrink[v + 2];
      float sum3 = sums[at + 3 * stride] * shrink[v + 3];
      for (int p = part; p < count; p += parts) {
        float value = CacheAccess.load(v16, v32, half, places[p] + element);
        sum0 += weights[v * items + p] * value;
        sum1 += weights[(v + 1) * items + p] * value;
        sum2 += weights[(v + 2) * items + p] * value;
        sum3 += weights[(v + 3) * items + p] * value;
      }
      sums[at] = sum0;
      sums[at + stride] = sum1;
      sums[at + 2 * stride] = sum2;
      sums[at + 3 * stride] = sum3;
    }
    for (int v = fours; v < vectors; v++) {
      int at = v * stride + unit;
      float sum = sums[at] * shrink[v];
      for (int p = part; p < count; p += parts) {
        float value = CacheAccess.load(v16, v32, half, places[p] + element);
        sum += weights[v * items + p] * value;
      }
      sums[at] = sum;
    }
  }
}

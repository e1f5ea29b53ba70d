package org.zonda.kernels;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * The body of {@link AttentionKernels#prefill}: two small matrix products a page, queries by keys
 * and weights by values, with the softmax between them. A work-item computes 4 by 4 results at a
 * time, so that each element it loads is used four times. A vector is one head of one row: vector v
 * is head {@code v % headsPerGroup} of row {@code v / headsPerGroup}.
 */
final class PrefillAttention {

  private PrefillAttention() {}

  static int localFloats(int headsPerGroup, int keyWidth, int valueWidth) {
    int vectors = PassLayout.QUERY_TILE * headsPerGroup;
    return vectors * (keyWidth + PassLayout.PAGE + columns(valueWidth) * 4)
        + OnlineSoftmax.floats(vectors);
  }

  /** A quarter of the values' elements, rounded up. */
  private static int columns(int valueWidth) {
    return (valueWidth + 3) / 4;
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
    int queryHeads = Packed.low(heads);
    int kvHeads = Packed.high(heads);
    int keyWidth = Packed.low(widths);
    int valueWidth = Packed.high(widths);
    int perKvHead = queryHeads / kvHeads;
    int perGroup = AttentionPlan.headsPerGroup(plan);
    int items = AttentionPlan.items(plan);
    int shares = (perKvHead + perGroup - 1) / perGroup;
    boolean half = AttentionPlan.half(plan);
    int vectors = PassLayout.QUERY_TILE * perGroup;
    int columns = columns(valueWidth);
    float[] queries = c.allocateFloatLocalArray(vectors * keyWidth);
    float[] scores = c.allocateFloatLocalArray(vectors * PassLayout.PAGE);
    float[] sums = c.allocateFloatLocalArray(vectors * columns * 4);
    float[] partial = c.allocateFloatLocalArray(vectors * OnlineSoftmax.PARTS);
    float[] largest = c.allocateFloatLocalArray(vectors * OnlineSoftmax.PARTS);
    float[] totals = c.allocateFloatLocalArray(vectors * OnlineSoftmax.PARTS);
    float[] shrink = c.allocateFloatLocalArray(vectors);
    int item = c.localIdx;
    int group = c.groupIdx;
    int tile = c.groupIdy;
    if (tile < pass.get(PassLayout.TILES) && group < kvHeads * shares) {
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
      int layerPage = (cursor.get(0) + slot) * pages;
      int last = position + rows - 1;
      int quads = (rows * perGroup + 3) / 4;

      int query = Packed.low(queryAt) + firstRow * Packed.high(queryAt) + firstHead * keyWidth;
      for (int i = item; i < vectors * keyWidth; i += items) {
        int vector = i / keyWidth;
        int element = i % keyWidth;
        int row = vector / perGroup;
        int head = vector % perGroup;
        float value = 0f;
        if (row < rows && head < used) {
          value = q.get(query + row * Packed.high(queryAt) + head * keyWidth + element) * scale;
        }
        queries[element * vectors + vector] = value;
      }
      for (int i = item; i < vectors * columns * 4; i += items) {
        sums[i] = 0f;
      }
      OnlineSoftmax.start(largest, totals, vectors, item, items);
      c.localBarrier();

      int firstPage = AttentionScore.firstVisible(position, window) / PassLayout.PAGE;
      for (int p = firstPage; p <= last / PassLayout.PAGE; p++) {
        int start = p * PassLayout.PAGE;
        int count = TornadoMath.min(PassLayout.PAGE, last + 1 - start);
        int page = (layerPage + pass.get(table + p)) * kvHeads + kvHead;
        int keys = page * keyWidth * PassLayout.PAGE;
        int values = page * PassLayout.PAGE * valueWidth;
        for (int unit = item; unit < quads * 16; unit += items) {
          dots(k16, k32, half, keys, queries, scores, vectors, keyWidth, count, unit);
        }
        c.localBarrier();
        for (int i = item; i < quads * 4 * PassLayout.PAGE; i += items) {
          int vector = i / PassLayout.PAGE;
          int key = start + i % PassLayout.PAGE;
          int from = position + vector / perGroup;
          float score = AttentionScore.capped(scores[i], softCap);
          if (AttentionPlan.alibi(plan)) {
            int head = TornadoMath.min(firstHead + vector % perGroup, queryHeads - 1);
            score += slopes.get(head) * (key - from);
          }
          if (key > from || key > last || key < AttentionScore.firstVisible(from, window)) {
            score = AttentionKernels.MASKED;
          }
          scores[i] = score;
        }
        c.localBarrier();
        OnlineSoftmax.partialMaxima(scores, partial, quads * 4, PassLayout.PAGE, item, items);
        c.localBarrier();
        OnlineSoftmax.weigh(
            scores, partial, largest, totals, shrink, quads * 4, PassLayout.PAGE, item, items);
        c.localBarrier();
        for (int unit = item; unit < quads * columns; unit += items) {
          addValues(v16, v32, half, values, scores, shrink, sums, valueWidth, count, unit);
        }
        c.localBarrier();
      }

      for (int i = item; i < rows * perGroup * valueWidth; i += items) {
        int vector = i / valueWidth;
        int element = i % valueWidth;
        int head = vector % perGroup;
        if (head < used) {
          int to = ((firstRow + vector / perGroup) * queryHeads + firstHead + head) * valueWidth;
          float total = OnlineSoftmax.total(totals, vector);
          out.set(to + element, sums[vector * columns * 4 + element] / total);
        }
      }
    }
  }

  /**
   * Dot products of four vectors with four positions, 16 apart, of a page's keys. Positions that
   * are not in the page yet are taken for its last one; their scores are masked afterwards.
   *
   * @param queries {@code [keyWidth][vectors]}
   * @param scores {@code [vectors][PAGE]}
   */
  private static void dots(
      HalfFloatArray k16,
      FloatArray k32,
      boolean half,
      int keys,
      float[] queries,
      float[] scores,
      int vectors,
      int keyWidth,
      int count,
      int unit) {
    int v = unit / 16 * 4;
    int p = unit % 16;
    int key0 = keys + TornadoMath.min(p, count - 1);
    int key1 = keys + TornadoMath.min(p + 16, count - 1);
    int key2 = keys + TornadoMath.min(p + 32, count - 1);
    int key3 = keys + TornadoMath.min(p + 48, count - 1);
    float dot00 = 0f;
    float dot01 = 0f;
    float dot02 = 0f;
    float dot03 = 0f;
    float dot10 = 0f;
    float dot11 = 0f;
    float dot12 = 0f;
    float dot13 = 0f;
    float dot20 = 0f;
    float dot21 = 0f;
    float dot22 = 0f;
    float dot23 = 0f;
    float dot30 = 0f;
    float dot31 = 0f;
    float dot32 = 0f;
    float dot33 = 0f;
    for (int i = 0; i < keyWidth; i++) {
      float q0 = queries[i * vectors + v];
      float q1 = queries[i * vectors + v + 1];
      float q2 = queries[i * vectors + v + 2];
      float q3 = queries[i * vectors + v + 3];
      float k0 = CacheAccess.load(k16, k32, half, key0 + i * PassLayout.PAGE);
      float k1 = CacheAccess.load(k16, k32, half, key1 + i * PassLayout.PAGE);
      float k2 = CacheAccess.load(k16, k32, half, key2 + i * PassLayout.PAGE);
      float k3 = CacheAccess.load(k16, k32, half, key3 + i * PassLayout.PAGE);
      dot00 += q0 * k0;
      dot01 += q0 * k1;
      dot02 += q0 * k2;
      dot03 += q0 * k3;
      dot10 += q1 * k0;
      dot11 += q1 * k1;
      dot12 += q1 * k2;
      dot13 += q1 * k3;
      dot20 += q2 * k0;
      dot21 += q2 * k1;
      dot22 += q2 * k2;
      dot23 += q2 * k3;
      dot30 += q3 * k0;
      dot31 += q3 * k1;
      dot32 += q3 * k2;
      dot33 += q3 * k3;
    }
    int at = v * PassLayout.PAGE + p;
    scores[at + 0] = dot00;
    scores[at + 16] = dot01;
    scores[at + 32] = dot02;
    scores[at + 48] = dot03;
    scores[at + 64] = dot10;
    scores[at + 80] = dot11;
    scores[at + 96] = dot12;
    scores[at + 112] = dot13;
    scores[at + 128] = dot20;
    scores[at + 144] = dot21;
    scores[at + 160] = dot22;
    scores[at + 176] = dot23;
    scores[at + 192] = dot30;
    scores[at + 208] = dot31;
    scores[at + 224] = dot32;
    scores[at + 240] = dot33;
  }

  /**
   * Adds a page's weighted values to four elements, a quarter of the width apart, of four vectors'
   * sums. Where the width is no multiple of four the last elements compute for nobody.
   *
   * @param weights {@code [vectors][PAGE]}
   * @param sums {@code [vectors][4 * columns]}
   */
  private static void addValues(
      HalfFloatArray v16,
      FloatArray v32,
      boolean half,
      int values,
      float[] weights,
      float[] shrink,
      float[] sums,
      int valueWidth,
      int count,
      int unit) {
    int columns = columns(valueWidth);
    int v = unit / columns * 4;
    int element = unit % columns;
    int value0 = values + element;
    int value1 = values + TornadoMath.min(element + columns, valueWidth - 1);
    int value2 = values + TornadoMath.min(element + 2 * columns, valueWidth - 1);
    int value3 = values + TornadoMath.min(element + 3 * columns, valueWidth - 1);
    int at0 = v * columns * 4 + element;
    int at1 = at0 + columns * 4;
    int at2 = at1 + columns * 4;
    int at3 = at2 + columns * 4;
    float sum00 = sums[at0 + 0 * columns] * shrink[v + 0];
    float sum01 = sums[at0 + 1 * columns] * shrink[v + 0];
    float sum02 = sums[at0 + 2 * columns] * shrink[v + 0];
    float sum03 = sums[at0 + 3 * columns] * shrink[v + 0];
    float sum10 = sums[at1 + 0 * columns] * shrink[v + 1];
    float sum11 = sums[at1 + 1 * columns] * shrink[v + 1];
    float sum12 = sums[at1 + 2 * columns] * shrink[v + 1];
    float sum13 = sums[at1 + 3 * columns] * shrink[v + 1];
    float sum20 = sums[at2 + 0 * columns] * shrink[v + 2];
    float sum21 = sums[at2 + 1 * columns] * shrink[v + 2];
    float sum22 = sums[at2 + 2 * columns] * shrink[v + 2];
    float sum23 = sums[at2 + 3 * columns] * shrink[v + 2];
    float sum30 = sums[at3 + 0 * columns] * shrink[v + 3];
    float sum31 = sums[at3 + 1 * columns] * shrink[v + 3];
    float sum32 = sums[at3 + 2 * columns] * shrink[v + 3];
    float sum33 = sums[at3 + 3 * columns] * shrink[v + 3];
    int row0 = v * PassLayout.PAGE;
    int row1 = row0 + PassLayout.PAGE;
    int row2 = row1 + PassLayout.PAGE;
    int row3 = row2 + PassLayout.PAGE;
    for (int i = 0; i < count; i++) {
      float w0 = weights[row0 + i];
      float w1 = weights[row1 + i];
      float w2 = weights[row2 + i];
      float w3 = weights[row3 + i];
      float x0 = CacheAccess.load(v16, v32, half, value0 + i * valueWidth);
      float x1 = CacheAccess.load(v16, v32, half, value1 + i * valueWidth);
      float x2 = CacheAccess.load(v16, v32, half, value2 + i * valueWidth);
      float x3 = CacheAccess.load(v16, v32, half, value3 + i * valueWidth);
      sum00 += w0 * x0;
      sum01 += w0 * x1;
      sum02 += w0 * x2;
      sum03 += w0 * x3;
      sum10 += w1 * x0;
      sum11 += w1 * x1;
      sum12 += w1 * x2;
      sum13 += w1 * x3;
      sum20 += w2 * x0;
      sum21 += w2 * x1;
      sum22 += w2 * x2;
      sum23 += w2 * x3;
      sum30 += w3 * x0;
      sum31 += w3 * x1;
      sum32 += w3 * x2;
      sum33 += w3 * x3;
    }
    sums[at0 + 0 * columns] = sum00;
    sums[at0 + 1 * columns] = sum01;
    sums[at0 + 2 * columns] = sum02;
    sums[at0 + 3 * columns] = sum03;
    sums[at1 + 0 * columns] = sum10;
    sums[at1 + 1 * columns] = sum11;
    sums[at1 + 2 * columns] = sum12;
    sums[at1 + 3 * columns] = sum13;
    sums[at2 + 0 * columns] = sum20;
    sums[at2 + 1 * columns] = sum21;
    sums[at2 + 2 * columns] = sum22;
    sums[at2 + 3 * columns] = sum23;
    sums[at3 + 0 * columns] = sum30;
    sums[at3 + 1 * columns] = sum31;
    sums[at3 + 2 * columns] = sum32;
    sums[at3 + 3 * columns] = sum33;
  }
}

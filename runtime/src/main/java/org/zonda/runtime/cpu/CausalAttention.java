package org.zonda.runtime.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.zonda.model.graph.Operation.Attention;
import org.zonda.runtime.backend.Chunk;

/**
 * Causal attention over the paged cache with an online softmax (Milakov and Gimelshein 2018,
 * arXiv:1805.02867; tiled as in Dao et al. 2022, arXiv:2205.14135): scores of one block of
 * positions at a time, for some rows of one sequence and all query heads of one KV head together.
 */
final class CausalAttention {

  /** Rows that share a tile; with their heads, enough to use what was loaded many times. */
  private static final int TILE_ROWS = 16;

  private static final int BLOCK = PagedKvCache.POSITIONS;

  private final WorkerPool pool;
  private final Kernels kernels;
  private final PagedKvCache cache;
  private final Scratch[] scratch;

  CausalAttention(WorkerPool pool, Kernels kernels, PagedKvCache cache) {
    this.pool = pool;
    this.kernels = kernels;
    this.cache = cache;
    scratch = new Scratch[pool.threads()];
    Arrays.setAll(scratch, i -> new Scratch());
  }

  /** One worker's memory: queries, scores, and running results of a tile's rows. */
  private static final class Scratch {
    final PagedKvCache.Tile tile = new PagedKvCache.Tile();
    float[] queries = {};
    float[] scores = {};
    float[] sums = {};
    float[] largest = {};
    float[] total = {};

    void prepare(int vectors, int keyWidth, int valueStride) {
      if (queries.length < vectors * keyWidth) {
        queries = new float[vectors * keyWidth];
      }
      if (sums.length < vectors * valueStride) {
        sums = new float[vectors * valueStride];
      }
      if (largest.length < vectors) {
        scores = new float[vectors * BLOCK];
        largest = new float[vectors];
        total = new float[vectors];
      }
      Arrays.fill(sums, 0, vectors * valueStride, 0);
      Arrays.fill(largest, 0, vectors, Float.NEGATIVE_INFINITY);
      Arrays.fill(total, 0, vectors, 0);
    }
  }

  /** Stores the rows' keys and values in reserved room of the cache, then attends. */
  void run(Attention op, Chunk chunk, float[] query, float[] key, float[] value, float[] out) {
    List<int[]> tiles = new ArrayList<>();
    for (int row = 0; row < chunk.rows(); ) {
      int end = chunk.runEnd(row, TILE_ROWS);
      tiles.add(new int[] {row, end});
      row = end;
    }
    pool.run(
        tiles.size(),
        (worker, i) -> {
          for (int row = tiles.get(i)[0]; row < tiles.get(i)[1]; row++) {
            cache.store(
                op.layer(),
                chunk.sequences()[row],
                chunk.positions()[row],
                key,
                row * op.key().width(),
                value,
                row * op.value().width());
          }
        });
    // The longest come last in a prompt; they are claimed first, so that cores end together.
    int tasks = tiles.size() * op.kvHeads();
    pool.run(
        tasks,
        (worker, i) -> {
          int[] rows = tiles.get((tasks - 1 - i) / op.kvHeads());
          attend(op, chunk, rows[0], rows[1], i % op.kvHeads(), query, out, scratch[worker]);
        });
  }

  private void attend(
      Attention op,
      Chunk chunk,
      int from,
      int to,
      int kvHead,
      float[] query,
      float[] out,
      Scratch s) {
    int group = op.heads() / op.kvHeads();
    int vectors = (to - from) * group;
    int keyWidth = op.keyWidth();
    int valueStride = PagedKvCache.padded(op.valueWidth());
    s.prepare(vectors, keyWidth, valueStride);
    for (int v = 0; v < vectors; v++) {
      int source = queryOffset(op, from, kvHead, group, v, keyWidth);
      for (int i = 0; i < keyWidth; i++) {
        s.queries[v * keyWidth + i] = query[source + i] * op.scale();
      }
    }
    int sequence = chunk.sequences()[from];
    int last = chunk.positions()[to - 1];
    for (int b = 0; b <= last / BLOCK; b++) {
      int positions = Math.min(BLOCK, last + 1 - b * BLOCK);
      scores(op, sequence, b, kvHead, positions, vectors, keyWidth, s);
      for (int v = 0; v < vectors; v++) {
        int visible = Math.min(positions, chunk.positions()[from + v / group] + 1 - b * BLOCK);
        softmax(s, v, visible, positions, valueStride);
      }
      cache.values(op.layer(), sequence, b, kvHead, positions, s.tile);
      kernels.multiplyAdd(
          s.scores,
          0,
          BLOCK,
          vectors,
          positions,
          s.tile.data,
          s.tile.offset,
          valueStride,
          s.sums,
          0,
          valueStride,
          valueStride);
    }
    for (int v = 0; v < vectors; v++) {
      int target = queryOffset(op, from, kvHead, group, v, op.valueWidth());
      float factor = 1 / s.total[v];
      for (int i = 0; i < op.valueWidth(); i++) {
        out[target + i] = s.sums[v * valueStride + i] * factor;
      }
    }
  }

  /** Where a tile's vector, one head of one row, lies among rows of all heads. */
  private static int queryOffset(
      Attention op, int from, int kvHead, int group, int vector, int headWidth) {
    int row = from + vector / group;
    int head = kvHead * group + vector % group;
    return (row * op.heads() + head) * headWidth;
  }

  private void scores(
      Attention op,
      int sequence,
      int block,
      int kvHead,
      int positions,
      int vectors,
      int keyWidth,
      Scratch s) {
    int columns = PagedKvCache.padded(positions);
    for (int v = 0; v < vectors; v++) {
      Arrays.fill(s.scores, v * BLOCK, v * BLOCK + columns, 0);
    }
    cache.keys(op.layer(), sequence, block, kvHead, s.tile);
    kernels.multiplyAdd(
        s.queries,
        0,
        keyWidth,
        vectors,
        keyWidth,
        s.tile.data,
        s.tile.offset,
        BLOCK,
        s.scores,
        0,
        BLOCK,
        columns);
  }

  /** Turns a row of scores into weights relative to the largest score seen so far. */
  private void softmax(Scratch s, int v, int visible, int positions, int valueStride) {
    int at = v * BLOCK;
    if (visible <= 0) {
      Arrays.fill(s.scores, at, at + positions, 0);
      return;
    }
    float max = Math.max(s.largest[v], kernels.max(s.scores, at, visible));
    if (max > s.largest[v] && s.total[v] > 0) {
      float shrink = (float) Math.exp(s.largest[v] - max);
      s.total[v] *= shrink;
      kernels.scale(s.sums, v * valueStride, valueStride, shrink);
    }
    s.largest[v] = max;
    s.total[v] += kernels.exponentials(s.scores, at, visible, max);
    Arrays.fill(s.scores, at + visible, at + positions, 0);
  }
}

package org.zonda.runtime.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.zonda.model.graph.Operation.Attention;
import org.zonda.runtime.backend.Chunk;

/**
 * Attention over the paged cache with an online softmax (Milakov and Gimelshein 2018,
 * arXiv:1805.02867; tiled as in Dao et al. 2022, arXiv:2205.14135): scores of one block of
 * positions at a time, for some rows of one sequence and all query heads of one KV head together.
 * Blocks that a sliding window hides from all rows of a tile are not read.
 */
final class PagedAttention {

  /** Rows that share a tile; with their heads, enough to use what was loaded many times. */
  private static final int TILE_ROWS = 16;

  private static final int BLOCK = PagedKvCache.POSITIONS;

  private final WorkerPool pool;
  private final Kernels kernels;
  private final PagedKvCache cache;
  private final Scratch[] scratch;

  PagedAttention(WorkerPool pool, Kernels kernels, PagedKvCache cache) {
    this.pool = pool;
    this.kernels = kernels;
    this.cache = cache;
    scratch = new Scratch[pool.threads()];
    Arrays.setAll(scratch, i -> new Scratch());
  }

  /** One worker's memory: queries, scores, and running results of a tile's rows. */
  private static final class Scratch {
    final KvBlock.Tile block = new KvBlock.Tile();
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
    List<Tile> tiles = tiles(op, chunk);
    pool.run(
        tiles.size(),
        (worker, i) -> {
          for (int row = tiles.get(i).from; row < tiles.get(i).to; row++) {
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
    float[] slopes = op.scores().slopes(op.heads());
    // The longest come last in a prompt; they are claimed first, so that cores end together.
    int tasks = tiles.size() * op.kvHeads();
    pool.run(
        tasks,
        (worker, i) -> {
          Tile tile = tiles.get((tasks - 1 - i) / op.kvHeads());
          attend(op, slopes, chunk, tile, i % op.kvHeads(), query, out, scratch[worker]);
        });
  }

  /**
   * Rows of one sequence at consecutive positions.
   *
   * @param from the first row
   * @param to the row after the last
   * @param end the position after the last that any of them sees
   */
  private record Tile(int from, int to, int end) {}

  private static List<Tile> tiles(Attention op, Chunk chunk) {
    List<Tile> tiles = new ArrayList<>();
    for (int row = 0; row < chunk.rows(); ) {
      int to = chunk.runEnd(row, TILE_ROWS);
      int end = chunk.positions()[to - 1] + 1;
      if (!op.mask().causal()) {
        for (int other = to; other < chunk.rows(); other++) {
          if (chunk.sequences()[other] == chunk.sequences()[row]) {
            end = chunk.positions()[other] + 1;
          }
        }
      }
      tiles.add(new Tile(row, to, end));
      row = to;
    }
    return tiles;
  }

  private void attend(
      Attention op,
      float[] slopes,
      Chunk chunk,
      Tile tile,
      int kvHead,
      float[] query,
      float[] out,
      Scratch s) {
    int from = tile.from;
    int to = tile.to;
    int group = op.heads() / op.kvHeads();
    int vectors = (to - from) * group;
    int keyWidth = op.keyWidth();
    int valueStride = KvBlock.padded(op.valueWidth());
    s.prepare(vectors, keyWidth, valueStride);
    for (int v = 0; v < vectors; v++) {
      int source = queryOffset(op, from, kvHead, group, v, keyWidth);
      for (int i = 0; i < keyWidth; i++) {
        s.queries[v * keyWidth + i] = query[source + i] * op.scores().scale();
      }
    }
    int sequence = chunk.sequences()[from];
    int last = tile.end - 1;
    for (int b = firstSeen(op, chunk.positions()[from]) / BLOCK; b <= last / BLOCK; b++) {
      int start = b * BLOCK;
      int positions = Math.min(BLOCK, tile.end - start);
      scores(op, sequence, b, kvHead, positions, vectors, keyWidth, s);
      for (int v = 0; v < vectors; v++) {
        int own = chunk.positions()[from + v / group];
        int first = Math.max(0, firstSeen(op, own) - start);
        int end = op.mask().causal() ? Math.min(positions, own + 1 - start) : positions;
        if (op.scores().softCap() > 0) {
          int at = v * BLOCK;
          kernels.softCap(s.scores, at, s.scores, at, positions, op.scores().softCap());
        }
        if (slopes.length > 0) {
          addBias(s.scores, v * BLOCK, positions, start - own, slopes[kvHead * group + v % group]);
        }
        softmax(s, v, first, end, positions, valueStride);
      }
      cache.values(op.layer(), sequence, b, kvHead, positions, s.block);
      kernels.multiplyAdd(
          s.scores,
          0,
          BLOCK,
          vectors,
          positions,
          s.block.data,
          s.block.offset,
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

  /** The first position that a row at a position sees. */
  private static int firstSeen(Attention op, int own) {
    int window = op.mask().window();
    return window == 0 ? 0 : Math.max(0, own - window + 1);
  }

  /** Adds ALiBi's bias, for positions at a distance from the row's own. */
  private static void addBias(float[] scores, int at, int positions, int distance, float slope) {
    for (int i = 0; i < positions; i++) {
      scores[at + i] += slope * (distance + i);
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
    int columns = KvBlock.padded(positions);
    for (int v = 0; v < vectors; v++) {
      Arrays.fill(s.scores, v * BLOCK, v * BLOCK + columns, 0);
    }
    cache.keys(op.layer(), sequence, block, kvHead, s.block);
    kernels.multiplyAdd(
        s.queries,
        0,
        keyWidth,
        vectors,
        keyWidth,
        s.block.data,
        s.block.offset,
        BLOCK,
        s.scores,
        0,
        BLOCK,
        columns);
  }

  /** Turns a row of scores into weights relative to the largest score seen so far. */
  private void softmax(Scratch s, int v, int first, int end, int positions, int valueStride) {
    int at = v * BLOCK;
    if (first >= end) {
      Arrays.fill(s.scores, at, at + positions, 0);
      return;
    }
    Arrays.fill(s.scores, at, at + first, 0);
    int n = end - first;
    float max = Math.max(s.largest[v], kernels.max(s.scores, at + first, n));
    if (max > s.largest[v] && s.total[v] > 0) {
      float shrink = (float) Math.exp(s.largest[v] - max);
      s.total[v] *= shrink;
      int sums = v * valueStride;
      kernels.scale(s.sums, sums, s.sums, sums, valueStride, shrink);
    }
    s.largest[v] = max;
    s.total[v] += kernels.exponentials(s.scores, at + first, n, max);
    Arrays.fill(s.scores, at + end, at + positions, 0);
  }
}

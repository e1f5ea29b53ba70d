package org.zonda.runtime.cpu;

import java.util.Arrays;
import org.zonda.model.graph.Operation.Attention;
import org.zonda.runtime.backend.Chunk;
import org.zonda.runtime.cpu.PagedAttention.TileRows;

/**
 * Attention of a tile of rows for the query heads that share one KV head, over some blocks of the
 * cache; with the memory for it, so each worker has one. A tile's vectors are the heads of its
 * first row, those of its second, and so on.
 */
final class HeadAttention {

  private static final int BLOCK = KvBlock.POSITIONS;

  /** Scores that are made before their softmax: as many blocks as there is room for. */
  private static final int SCORES = 4096;

  /** Blocks whose scores are made at once, at most. */
  private static final int MOST_BLOCKS = 8;

  /** What it is computed from: the operation, ALiBi's slopes, the rows and their queries. */
  record Inputs(Attention op, float[] slopes, Chunk chunk, float[] query) {}

  private final Kernels kernels;
  private final PagedKvCache cache;
  private final CacheProduct product;
  private final KvBlock.Tile tile = new KvBlock.Tile();

  /** What is read after the tile. */
  private final KvBlock.Tile next = new KvBlock.Tile();

  private Inputs inputs;
  private Attention op;
  private TileRows rows;
  private int sequence;
  private int endBlock;
  private int kvHead;
  private int group;
  private int vectors;
  private int valueStride;

  /** Distance of the vectors' scores. */
  private int scoreStride;

  private float[] queries = {};
  private float[] scores = {};
  private float[] sums = {};
  private float[] largest = {};
  private float[] total = {};

  HeadAttention(Kernels kernels, PagedKvCache cache) {
    this.kernels = kernels;
    this.cache = cache;
    product = new CacheProduct(kernels);
  }

  /** The first position that a row at a position sees. */
  static int firstSeen(Attention op, int own) {
    int window = op.mask().window();
    return window == 0 ? 0 : Math.max(0, own - window + 1);
  }

  /** Attends over blocks {@code fromBlock} to {@code toBlock - 1}; the results stay here. */
  void attend(Inputs from, TileRows of, int head, int fromBlock, int toBlock) {
    prepare(from, of, head);
    endBlock = toBlock;
    int step = Math.clamp(SCORES / (vectors * BLOCK), 1, MOST_BLOCKS);
    scoreStride = step * BLOCK;
    scores = room(scores, vectors * scoreStride);
    for (int b = fromBlock; b < toBlock; b += step) {
      step(b, Math.min(step, toBlock - b));
    }
  }

  private void prepare(Inputs from, TileRows of, int head) {
    inputs = from;
    op = from.op;
    rows = of;
    sequence = from.chunk.sequences()[of.from()];
    kvHead = head;
    group = op.heads() / op.kvHeads();
    vectors = (of.to() - of.from()) * group;
    valueStride = KvBlock.padded(op.valueWidth());
    queries = room(queries, vectors * op.keyWidth());
    sums = room(sums, vectors * valueStride);
    largest = room(largest, vectors);
    total = room(total, vectors);
    Arrays.fill(sums, 0, vectors * valueStride, 0);
    Arrays.fill(largest, 0, vectors, Float.NEGATIVE_INFINITY);
    Arrays.fill(total, 0, vectors, 0);
    for (int v = 0; v < vectors; v++) {
      int width = op.keyWidth();
      kernels.scale(from.query, offset(v, width), queries, v * width, width, op.scores().scale());
    }
  }

  private static float[] room(float[] memory, int floats) {
    return memory.length < floats ? new float[floats] : memory;
  }

  /** Where a vector, one head of one row, lies among rows of all heads. */
  private int offset(int vector, int headWidth) {
    int row = rows.from() + vector / group;
    return (row * op.heads() + kvHead * group + vector % group) * headWidth;
  }

  private void keys(int b, KvBlock.Tile into) {
    cache.keys(op.layer(), sequence, b, kvHead, into);
  }

  private void values(int b, KvBlock.Tile into) {
    cache.values(op.layer(), sequence, b, kvHead, into);
  }

  /** Scores, weights, and weighted values of some blocks. */
  private void step(int firstBlock, int blocks) {
    int start = firstBlock * BLOCK;
    int positions = Math.min(blocks * BLOCK, rows.end() - start);
    for (int v = 0; v < vectors; v++) {
      Arrays.fill(scores, v * scoreStride, v * scoreStride + blocks * BLOCK, 0);
    }
    for (int b = 0; b < blocks; b++) {
      keys(firstBlock + b, tile);
      if (b < blocks - 1) {
        keys(firstBlock + b + 1, next);
      } else {
        values(firstBlock, next);
      }
      product.multiplyAdd(
          queries,
          0,
          op.keyWidth(),
          vectors,
          op.keyWidth(),
          tile,
          BLOCK,
          scores,
          b * BLOCK,
          scoreStride,
          KvBlock.padded(Math.min(BLOCK, positions - b * BLOCK)),
          next);
    }
    for (int v = 0; v < vectors; v++) {
      weigh(v, start, positions);
    }
    for (int b = 0; b < blocks; b++) {
      values(firstBlock + b, tile);
      if (b < blocks - 1) {
        values(firstBlock + b + 1, next);
      } else if (firstBlock + blocks < endBlock) {
        keys(firstBlock + blocks, next);
      }
      product.multiplyAdd(
          scores,
          b * BLOCK,
          scoreStride,
          vectors,
          Math.min(BLOCK, positions - b * BLOCK),
          tile,
          valueStride,
          sums,
          0,
          valueStride,
          valueStride,
          next);
    }
  }

  /** Turns a vector's scores of positions from a start on into weights; what is hidden gets 0. */
  private void weigh(int v, int start, int positions) {
    int at = v * scoreStride;
    int own = inputs.chunk.positions()[rows.from() + v / group];
    int first = Math.max(0, firstSeen(op, own) - start);
    int end = op.mask().causal() ? Math.min(positions, own + 1 - start) : positions;
    if (first >= end) {
      Arrays.fill(scores, at, at + positions, 0);
      return;
    }
    if (op.scores().softCap() > 0) {
      kernels.softCap(scores, at, scores, at, positions, op.scores().softCap());
    }
    if (inputs.slopes.length > 0) {
      addBias(at, positions, start - own, inputs.slopes[kvHead * group + v % group]);
    }
    Arrays.fill(scores, at, at + first, 0);
    softmax(v, at + first, end - first);
    Arrays.fill(scores, at + end, at + positions, 0);
  }

  /** Adds ALiBi's bias, for positions at a distance from the row's own. */
  private void addBias(int at, int positions, int distance, float slope) {
    for (int i = 0; i < positions; i++) {
      scores[at + i] += slope * (distance + i);
    }
  }

  /** Turns scores into weights relative to the largest score seen so far. */
  private void softmax(int v, int at, int n) {
    float max = Math.max(largest[v], kernels.max(scores, at, n));
    if (max > largest[v] && total[v] > 0) {
      float shrink = (float) Math.exp(largest[v] - max);
      total[v] *= shrink;
      kernels.scale(sums, v * valueStride, sums, v * valueStride, valueStride, shrink);
    }
    largest[v] = max;
    total[v] += kernels.exponentials(scores, at, n, max);
  }

  /** Floats that {@link #save} takes. */
  static int size(Attention op) {
    return op.heads() / op.kvHeads() * (2 + KvBlock.padded(op.valueWidth()));
  }

  /** Saves the results of a tile of one row. */
  void save(float[] into, int at) {
    System.arraycopy(largest, 0, into, at, group);
    System.arraycopy(total, 0, into, at + group, group);
    System.arraycopy(sums, 0, into, at + 2 * group, group * valueStride);
  }

  /** Replaces the results by those of parts that were saved one after the other. */
  void join(float[] saved, int at, int parts) {
    int size = group * (2 + valueStride);
    for (int v = 0; v < group; v++) {
      float max = Float.NEGATIVE_INFINITY;
      for (int part = 0; part < parts; part++) {
        max = Math.max(max, saved[at + part * size + v]);
      }
      total[v] = 0;
      Arrays.fill(sums, v * valueStride, (v + 1) * valueStride, 0);
      for (int part = 0; part < parts; part++) {
        int from = at + part * size;
        float factor = (float) Math.exp(saved[from + v] - max);
        total[v] += factor * saved[from + group + v];
        kernels.addScaled(
            factor, saved, from + 2 * group + v * valueStride, sums, v * valueStride, valueStride);
      }
    }
  }

  /** Writes what the rows attended to. */
  void write(float[] out) {
    int width = op.valueWidth();
    for (int v = 0; v < vectors; v++) {
      kernels.scale(sums, v * valueStride, out, offset(v, width), width, 1 / total[v]);
    }
  }
}

package org.zonda.runtime.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.zonda.model.graph.Operation.Attention;
import org.zonda.runtime.backend.Chunk;

/**
 * Attention over the paged cache with an online softmax (Milakov and Gimelshein 2018,
 * arXiv:1805.02867; tiled as in Dao et al. 2022, arXiv:2205.14135): rows are cut into tiles, and
 * each tile's KV heads are tasks. Where a tile is a single row, its sequence is cut too, and what
 * comes of the parts is joined (Flash-Decoding, Dao et al. 2023), so that there is work for every
 * core however few heads there are. How it is cut does not depend on the number of threads, and
 * neither do the results. Blocks that a sliding window hides from all rows of a tile are not read.
 */
final class PagedAttention {

  /** Rows that share a tile; with their heads, enough to use what was loaded many times. */
  private static final int TILE_ROWS = 16;

  /** Blocks of a part of a sequence. */
  private static final int PART = 16;

  private final WorkerPool pool;
  private final PagedKvCache cache;
  private final HeadAttention[] workers;

  /** What came of the parts, {@link HeadAttention#size} floats each. */
  private float[] parts = {};

  PagedAttention(WorkerPool pool, Kernels kernels, PagedKvCache cache) {
    this.pool = pool;
    this.cache = cache;
    workers = new HeadAttention[pool.threads()];
    Arrays.setAll(workers, i -> new HeadAttention(kernels, cache));
  }

  /**
   * A tile of rows.
   *
   * @param rows the rows
   * @param firstBlock the first block that any of them sees
   * @param blocks how many there are until the last
   * @param parts in how many parts they are read
   * @param firstPart the number of the first, among those of all tiles that are cut
   */
  private record Tile(TileRows rows, int firstBlock, int blocks, int parts, int firstPart) {

    int partBlock(int part) {
      return firstBlock + Math.min(blocks, part * PART);
    }
  }

  /** A part of a tile, for all KV heads. */
  private record Part(Tile tile, int index) {}

  /** Stores the rows' keys and values in reserved room of the cache, then attends. */
  void run(Attention op, Chunk chunk, float[] query, float[] key, float[] value, float[] out) {
    List<Part> plan = plan(op, chunk);
    pool.run(
        plan.size(),
        (worker, i) -> {
          if (plan.get(i).index == 0) {
            store(op, chunk, plan.get(i).tile.rows, key, value);
          }
        });
    Tile last = plan.getLast().tile;
    int size = HeadAttention.size(op);
    int kvHeads = op.kvHeads();
    int cut = (last.firstPart + last.parts) * kvHeads;
    if (parts.length < cut * size) {
      parts = new float[cut * size];
    }
    AtomicIntegerArray done = new AtomicIntegerArray(cut);
    HeadAttention.Inputs inputs =
        new HeadAttention.Inputs(op, op.scores().slopes(op.heads()), chunk, query);
    // The longest come last in a prompt; they are claimed first, so that cores end together.
    int tasks = plan.size() * kvHeads;
    pool.run(
        tasks,
        (worker, i) -> {
          Part part = plan.get((tasks - 1 - i) / kvHeads);
          Tile tile = part.tile;
          int head = i % kvHeads;
          HeadAttention attention = workers[worker];
          attention.attend(
              inputs, tile.rows, head, tile.partBlock(part.index), tile.partBlock(part.index + 1));
          if (tile.parts > 1) {
            int first = tile.firstPart * kvHeads + head * tile.parts;
            attention.save(parts, (first + part.index) * size);
            if (done.incrementAndGet(first) < tile.parts) {
              return;
            }
            attention.join(parts, first * size, tile.parts);
          }
          attention.write(out);
        });
  }

  private void store(Attention op, Chunk chunk, TileRows rows, float[] key, float[] value) {
    for (int row = rows.from(); row < rows.to(); row++) {
      cache.store(
          op.layer(),
          chunk.sequences()[row],
          chunk.positions()[row],
          key,
          row * op.key().width(),
          value,
          row * op.value().width());
    }
  }

  private static List<Part> plan(Attention op, Chunk chunk) {
    List<Part> plan = new ArrayList<>();
    int cut = 0;
    for (int row = 0; row < chunk.rows(); ) {
      int to = chunk.runEnd(row, TILE_ROWS);
      TileRows rows = new TileRows(row, to, end(op, chunk, to));
      int first = HeadAttention.firstSeen(op, chunk.positions()[row]) / KvBlock.POSITIONS;
      int blocks = Math.ceilDiv(rows.end(), KvBlock.POSITIONS) - first;
      int parts = rows.to() - rows.from() == 1 ? Math.ceilDiv(blocks, PART) : 1;
      Tile tile = new Tile(rows, first, blocks, parts, cut);
      cut += parts;
      for (int part = 0; part < parts; part++) {
        plan.add(new Part(tile, part));
      }
      row = to;
    }
    return plan;
  }

  /** The position after the last that rows up to one see. */
  private static int end(Attention op, Chunk chunk, int to) {
    int end = chunk.positions()[to - 1] + 1;
    if (!op.mask().causal()) {
      for (int other = to; other < chunk.rows(); other++) {
        if (chunk.sequences()[other] == chunk.sequences()[to - 1]) {
          end = chunk.positions()[other] + 1;
        }
      }
    }
    return end;
  }

  /**
   * Rows of one sequence at consecutive positions.
   *
   * @param from the first row
   * @param to the row after the last
   * @param end the position after the last that any of them sees
   */
  record TileRows(int from, int to, int end) {}
}

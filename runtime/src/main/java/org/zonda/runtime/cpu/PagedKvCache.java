package org.zonda.runtime.cpu;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.zonda.model.graph.Operation.Attention;
import org.zonda.runtime.backend.CacheType;

/**
 * Keys and values of every sequence, in {@link KvBlock}s that are made when a sequence grows into
 * them, so that a long context costs memory only when it is used. A stage owns it.
 *
 * <p>Sequences may share blocks: one that is forked has the other's. Only what is behind a
 * sequence's end is ever written, so full blocks are shared for good; a partly filled one is copied
 * for whoever writes into it while others have it.
 */
final class PagedKvCache {

  /** Positions of one block. */
  static final int POSITIONS = KvBlock.POSITIONS;

  private final CacheType type;
  private final KvBlock.Shape[] shapes;

  /** The place of the first of its layers among those of the whole model. */
  private final int first;

  private final List<List<KvBlock>> tables = new ArrayList<>();

  /** Positions that each sequence has room for or shares; what comes next is not written yet. */
  private final int[] lengths;

  private final Deque<KvBlock> free = new ArrayDeque<>();
  private long made;

  /** Makes an empty cache for consecutive attention layers of a model. */
  PagedKvCache(List<Attention> layers, CacheType type, int sequences) {
    this.type = type;
    shapes = KvBlock.Shape.of(layers);
    first = layers.isEmpty() ? 0 : layers.getFirst().layer();
    lengths = new int[sequences];
    for (int i = 0; i < sequences; i++) {
      tables.add(new ArrayList<>());
    }
  }

  /** Bytes of all blocks, those of several sequences counted once. */
  long bytes() {
    return made * KvBlock.bytes(shapes, type);
  }

  /** Makes room for a sequence of a length, which nobody else has from its present length on. */
  void reserve(int sequence, int length) {
    List<KvBlock> table = tables.get(sequence);
    int next = lengths[sequence] / POSITIONS;
    if (next < table.size() && table.get(next).users > 1) {
      KvBlock copy = take();
      copy.copy(table.get(next));
      drop(table.set(next, copy));
    }
    while ((long) table.size() * POSITIONS < length) {
      table.add(take());
    }
    lengths[sequence] = length;
  }

  private KvBlock take() {
    KvBlock block;
    if (free.isEmpty()) {
      block = new KvBlock(shapes, type);
      made++;
    } else {
      block = free.pop();
    }
    block.users = 1;
    return block;
  }

  private void drop(KvBlock block) {
    block.users--;
    if (block.users == 0) {
      free.push(block);
    }
  }

  /** Frees what a sequence of a length does not need. */
  void truncate(int sequence, int length) {
    List<KvBlock> table = tables.get(sequence);
    while ((long) (table.size() - 1) * POSITIONS >= length && !table.isEmpty()) {
      drop(table.removeLast());
    }
    lengths[sequence] = length;
  }

  /** Lets an empty sequence have the first positions of another. */
  void fork(int from, int to, int length) {
    for (KvBlock block : tables.get(from).subList(0, Math.ceilDiv(length, POSITIONS))) {
      block.users++;
      tables.get(to).add(block);
    }
    lengths[to] = length;
  }

  /** Stores one position's keys and values of all heads of a layer, in reserved room. */
  void store(
      int layer,
      int sequence,
      int position,
      float[] keys,
      int keyOffset,
      float[] values,
      int valueOffset) {
    block(sequence, position / POSITIONS)
        .store(layer - first, position % POSITIONS, keys, keyOffset, values, valueOffset);
  }

  /** One head's keys of one block: {@code keyWidth} rows of {@link #POSITIONS} numbers. */
  void keys(int layer, int sequence, int block, int head, KvBlock.Tile tile) {
    block(sequence, block).keys(layer - first, head, tile);
  }

  /** One head's values of one block: {@link #POSITIONS} rows of the padded width. */
  void values(int layer, int sequence, int block, int head, KvBlock.Tile tile) {
    block(sequence, block).values(layer - first, head, tile);
  }

  private KvBlock block(int sequence, int index) {
    return tables.get(sequence).get(index);
  }
}

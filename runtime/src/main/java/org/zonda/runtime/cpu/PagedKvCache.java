package org.zonda.runtime.cpu;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.zonda.model.graph.Operation.Attention;
import org.zonda.runtime.backend.CacheType;

/**
 * Keys and values of every sequence, in blocks of {@link #POSITIONS} positions that are made when a
 * sequence grows into them, so that a long context costs memory only when it is used. A stage owns
 * it; how long a sequence is, the executor knows.
 *
 * <p>Within a block, keys are stored transposed, {@code [head][element][position]}, so that scores
 * are sums of whole vectors of positions; values lie {@code [head][position][element]}, rows padded
 * to whole vectors.
 */
final class PagedKvCache {

  /** Positions of one block. */
  static final int POSITIONS = 64;

  /** Where one head's keys or values of one block lie. */
  static final class Tile {
    float[] data = {};
    int offset;
    private float[] scratch = {};

    private void view(float[] source, int from) {
      data = source;
      offset = from;
    }

    private void decode(Kernels kernels, short[] source, int from, int n) {
      if (scratch.length < n) {
        scratch = new float[n];
      }
      kernels.decodeHalf(source, from, scratch, 0, n);
      view(scratch, 0);
    }
  }

  /** One block of all layers; of each pair of arrays, one is used. */
  private static final class Block {
    final float[][] floats;
    final short[][] halves;

    Block(int arrays, CacheType type) {
      floats = type == CacheType.F32 ? new float[arrays][] : null;
      halves = type == CacheType.F16 ? new short[arrays][] : null;
    }
  }

  /** The sizes of one layer's heads. */
  private record Shape(int heads, int keyWidth, int valueWidth, int valueStride) {
    int keyElements() {
      return heads * keyWidth * POSITIONS;
    }

    int valueElements() {
      return heads * valueStride * POSITIONS;
    }
  }

  private final Kernels kernels;
  private final CacheType type;
  private final Shape[] shapes;

  /** The place of the first of its layers among those of the whole model. */
  private final int first;

  private final List<List<Block>> blocks = new ArrayList<>();
  private final Deque<Block> free = new ArrayDeque<>();
  private long bytes;

  /** Makes an empty cache for consecutive attention layers of a model. */
  PagedKvCache(Kernels kernels, List<Attention> layers, CacheType type, int sequences) {
    this.kernels = kernels;
    this.type = type;
    shapes = new Shape[layers.size()];
    first = layers.isEmpty() ? 0 : layers.getFirst().layer();
    for (Attention layer : layers) {
      shapes[layer.layer() - first] =
          new Shape(
              layer.kvHeads(), layer.keyWidth(), layer.valueWidth(), padded(layer.valueWidth()));
    }
    for (int i = 0; i < sequences; i++) {
      blocks.add(new ArrayList<>());
    }
  }

  /** A width rounded up to whole vectors. */
  static int padded(int width) {
    return (width + Kernels.COLUMNS - 1) / Kernels.COLUMNS * Kernels.COLUMNS;
  }

  long bytes() {
    return bytes;
  }

  /** Makes room for a sequence of a length. */
  void reserve(int sequence, int length) {
    List<Block> table = blocks.get(sequence);
    while ((long) table.size() * POSITIONS < length) {
      table.add(free.isEmpty() ? newBlock() : free.pop());
    }
  }

  private Block newBlock() {
    Block block = new Block(2 * shapes.length, type);
    long size = 0;
    for (int i = 0; i < shapes.length; i++) {
      int keys = shapes[i].keyElements();
      int values = shapes[i].valueElements();
      if (type == CacheType.F32) {
        block.floats[2 * i] = new float[keys];
        block.floats[2 * i + 1] = new float[values];
      } else {
        block.halves[2 * i] = new short[keys];
        block.halves[2 * i + 1] = new short[values];
      }
      size += (long) (keys + values) * (type == CacheType.F32 ? Float.BYTES : Short.BYTES);
    }
    bytes += size;
    return block;
  }

  /** Frees what a sequence of a length does not need. */
  void truncate(int sequence, int length) {
    List<Block> table = blocks.get(sequence);
    while ((long) (table.size() - 1) * POSITIONS >= length && !table.isEmpty()) {
      free.push(table.removeLast());
    }
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
    int place = layer - first;
    Shape shape = shapes[place];
    Block block = blocks.get(sequence).get(position / POSITIONS);
    int p = position % POSITIONS;
    int keyElements = shape.heads * shape.keyWidth;
    if (type == CacheType.F32) {
      float[] target = block.floats[2 * place];
      for (int i = 0; i < keyElements; i++) {
        target[i * POSITIONS + p] = keys[keyOffset + i];
      }
      target = block.floats[2 * place + 1];
      for (int h = 0; h < shape.heads; h++) {
        System.arraycopy(
            values,
            valueOffset + h * shape.valueWidth,
            target,
            (h * POSITIONS + p) * shape.valueStride,
            shape.valueWidth);
      }
    } else {
      short[] target = block.halves[2 * place];
      for (int i = 0; i < keyElements; i++) {
        target[i * POSITIONS + p] = Float.floatToFloat16(keys[keyOffset + i]);
      }
      target = block.halves[2 * place + 1];
      for (int h = 0; h < shape.heads; h++) {
        HalfFloats.encode(
            values,
            valueOffset + h * shape.valueWidth,
            target,
            (h * POSITIONS + p) * shape.valueStride,
            shape.valueWidth);
      }
    }
  }

  /** One head's keys of one block: {@code keyWidth} rows of {@link #POSITIONS} floats. */
  void keys(int layer, int sequence, int block, int head, Tile tile) {
    int place = layer - first;
    int n = shapes[place].keyWidth * POSITIONS;
    load(blocks.get(sequence).get(block), 2 * place, head * n, n, tile);
  }

  /** One head's values of one block: rows of the padded width. */
  void values(int layer, int sequence, int block, int head, int positions, Tile tile) {
    int place = layer - first;
    int stride = shapes[place].valueStride;
    load(
        blocks.get(sequence).get(block),
        2 * place + 1,
        head * stride * POSITIONS,
        stride * positions,
        tile);
  }

  private void load(Block block, int array, int from, int n, Tile tile) {
    if (type == CacheType.F32) {
      tile.view(block.floats[array], from);
    } else {
      tile.decode(kernels, block.halves[array], from, n);
    }
  }
}

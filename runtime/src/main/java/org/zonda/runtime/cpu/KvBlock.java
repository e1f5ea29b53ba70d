package org.zonda.runtime.cpu;

import java.util.List;
import org.zonda.model.graph.Operation.Attention;
import org.zonda.runtime.backend.CacheType;

/**
 * Keys and values of {@link #POSITIONS} consecutive positions in all layers of a stage.
 *
 * <p>Keys are stored transposed, {@code [head][element][position]}, so that scores are sums of
 * whole vectors of positions; values lie {@code [head][position][element]}, rows padded to whole
 * vectors.
 */
final class KvBlock {

  /** Positions of one block. */
  static final int POSITIONS = 64;

  /** Where one head's keys or values of one block lie; of the two arrays, one is used. */
  static final class Tile {
    float[] floats;
    short[] halves;
    int offset;
  }

  /** The sizes of one layer's heads. */
  record Shape(int heads, int keyWidth, int valueWidth, int valueStride) {

    /** Of consecutive layers, in their order. */
    static Shape[] of(List<Attention> layers) {
      return layers.stream()
          .map(
              layer ->
                  new Shape(
                      layer.kvHeads(),
                      layer.keyWidth(),
                      layer.valueWidth(),
                      padded(layer.valueWidth())))
          .toArray(Shape[]::new);
    }

    int keyElements() {
      return heads * keyWidth * POSITIONS;
    }

    int valueElements() {
      return heads * valueStride * POSITIONS;
    }
  }

  private final Shape[] shapes;

  /** Keys and values of each layer in turn; null where numbers are halves. */
  private final float[][] floats;

  private final short[][] halves;

  /** How many sequences have it; the cache counts. */
  int users;

  KvBlock(Shape[] shapes, CacheType type) {
    this.shapes = shapes;
    floats = type == CacheType.F32 ? new float[2 * shapes.length][] : null;
    halves = type == CacheType.F16 ? new short[2 * shapes.length][] : null;
    for (int i = 0; i < 2 * shapes.length; i++) {
      Shape shape = shapes[i / 2];
      int elements = i % 2 == 0 ? shape.keyElements() : shape.valueElements();
      if (floats != null) {
        floats[i] = new float[elements];
      } else {
        halves[i] = new short[elements];
      }
    }
  }

  /** A width rounded up to whole vectors. */
  static int padded(int width) {
    return (width + Kernels.COLUMNS - 1) / Kernels.COLUMNS * Kernels.COLUMNS;
  }

  /** Bytes of a block. */
  static long bytes(Shape[] shapes, CacheType type) {
    long elements = 0;
    for (Shape shape : shapes) {
      elements += shape.keyElements() + shape.valueElements();
    }
    return elements * (type == CacheType.F32 ? Float.BYTES : Short.BYTES);
  }

  /** Takes over another block's keys and values. */
  void copy(KvBlock other) {
    for (int i = 0; i < 2 * shapes.length; i++) {
      if (floats != null) {
        System.arraycopy(other.floats[i], 0, floats[i], 0, floats[i].length);
      } else {
        System.arraycopy(other.halves[i], 0, halves[i], 0, halves[i].length);
      }
    }
  }

  /**
   * Stores one position's keys and values of all heads of a layer.
   *
   * @param layer the layer's place in the block
   * @param p the position in the block
   */
  void store(int layer, int p, float[] keys, int keyOffset, float[] values, int valueOffset) {
    Shape shape = shapes[layer];
    int keyElements = shape.heads * shape.keyWidth;
    if (floats != null) {
      float[] target = floats[2 * layer];
      for (int i = 0; i < keyElements; i++) {
        target[i * POSITIONS + p] = keys[keyOffset + i];
      }
      target = floats[2 * layer + 1];
      for (int h = 0; h < shape.heads; h++) {
        System.arraycopy(
            values,
            valueOffset + h * shape.valueWidth,
            target,
            (h * POSITIONS + p) * shape.valueStride,
            shape.valueWidth);
      }
    } else {
      short[] target = halves[2 * layer];
      for (int i = 0; i < keyElements; i++) {
        target[i * POSITIONS + p] = Float.floatToFloat16(keys[keyOffset + i]);
      }
      target = halves[2 * layer + 1];
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

  /** One head's keys: {@code keyWidth} rows of {@link #POSITIONS} numbers. */
  void keys(int layer, int head, Tile tile) {
    show(2 * layer, head * shapes[layer].keyWidth * POSITIONS, tile);
  }

  /** One head's values: {@link #POSITIONS} rows of the padded width. */
  void values(int layer, int head, Tile tile) {
    show(2 * layer + 1, head * shapes[layer].valueStride * POSITIONS, tile);
  }

  private void show(int array, int from, Tile tile) {
    tile.floats = floats == null ? null : floats[array];
    tile.halves = halves == null ? null : halves[array];
    tile.offset = from;
  }
}

package org.zonda.model.tensor;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A named matrix of weights where it lies: a view on the mapped file, never a copy.
 *
 * <p>Shapes follow GGUF: {@code shape.get(0)} is the length of a row, whose elements are contiguous
 * (the inputs of a linear layer); {@code shape.get(1)} is the number of rows (its outputs), and so
 * on outwards.
 *
 * @param name such as {@code blk.0.attn_q.weight}
 * @param type how elements are stored
 * @param shape 1 to 4 dimensions, each at least 1, the contiguous one first
 * @param data exactly {@code type.bytes(elements())} bytes, read-only
 */
public record Tensor(String name, TensorType type, List<Long> shape, MemorySegment data) {

  /** Checks that the bytes match the shape. */
  public Tensor {
    shape = List.copyOf(shape);
    if (shape.isEmpty()) {
      throw new IllegalArgumentException(name + ": a tensor has at least one dimension");
    }
    long elements = 1;
    for (long size : shape) {
      elements = Math.multiplyExact(elements, size);
    }
    long expected = type.bytes(elements);
    if (data.byteSize() != expected) {
      throw new IllegalArgumentException(
          name + ": " + data.byteSize() + " bytes for a shape that takes " + expected);
    }
  }

  /**
   * The number of elements.
   *
   * @return the product of the dimensions
   */
  public long elements() {
    long product = 1;
    for (long size : shape) {
      product *= size;
    }
    return product;
  }

  /**
   * A dimension's size; dimensions beyond the shape count as 1.
   *
   * @param index 0 for the contiguous one
   * @return the size
   */
  public long dimension(int index) {
    return index < shape.size() ? shape.get(index) : 1;
  }

  /**
   * The number of contiguous elements, the inputs of a linear layer.
   *
   * @return {@code dimension(0)}
   */
  public long rowLength() {
    return shape.get(0);
  }

  /**
   * The number of rows over all outer dimensions.
   *
   * @return {@code elements() / rowLength()}
   */
  public long rows() {
    return elements() / rowLength();
  }

  /**
   * The bytes of one row.
   *
   * @return the distance between the beginnings of two rows
   */
  public long rowBytes() {
    return type.bytes(rowLength());
  }

  /**
   * Decodes one row.
   *
   * @param row from 0 to {@code rows() - 1}
   * @param target receives {@code rowLength()} floats from index 0
   */
  public void decodeRow(long row, float[] target) {
    Codecs.of(type, name).decode(data, row * rowBytes(), target, 0, Math.toIntExact(rowLength()));
  }

  /**
   * Decodes everything; for small tensors and tests.
   *
   * @return a new array of {@code elements()} floats
   * @throws ArithmeticException if there are more elements than an array holds
   */
  public float[] toFloats() {
    float[] values = new float[Math.toIntExact(elements())];
    Codecs.of(type, name).decode(data, 0, values, 0, values.length);
    return values;
  }
}

package org.zonda.model.tensor;

import static org.zonda.model.tensor.StorageLayout.FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;

/**
 * A matrix of 32-bit floats that is filled in memory, off the Java heap, to become a tensor. Not
 * thread-safe.
 */
public final class FloatMatrix {

  /** A cache line. */
  private static final int ALIGNMENT = 64;

  private final String name;
  private final long columns;
  private final long rows;
  private final MemorySegment data;

  /**
   * Allocates a matrix of zeros.
   *
   * @param name of the tensor
   * @param columns length of a row, at least 1
   * @param rows at least 1
   * @param arena owns the memory
   * @throws ArithmeticException if no memory could be so large
   * @throws OutOfMemoryError if there is not that much
   */
  public FloatMatrix(String name, long columns, long rows, Arena arena) {
    this.name = name;
    this.columns = columns;
    this.rows = rows;
    data = arena.allocate(TensorType.F32.bytes(Math.multiplyExact(columns, rows)), ALIGNMENT);
  }

  /**
   * Sets elements of a row.
   *
   * @param row from 0
   * @param column of the first element
   * @param values the elements
   */
  public void put(long row, long column, float[] values) {
    Objects.checkIndex(row, rows);
    Objects.checkFromIndexSize(column, values.length, columns);
    long offset = TensorType.F32.bytes(row * columns + column);
    MemorySegment.copy(values, 0, data, FLOAT, offset, values.length);
  }

  /**
   * The matrix as it is filled, not a copy.
   *
   * @return a tensor that is read-only
   */
  public Tensor tensor() {
    return new Tensor(name, TensorType.F32, List.of(columns, rows), data.asReadOnly());
  }
}

package org.zonda.runtime.cpu;

import java.lang.foreign.MemorySegment;
import org.zonda.model.ModelSource;
import org.zonda.model.graph.Weight;
import org.zonda.model.tensor.Tensor;
import org.zonda.model.tensor.TensorType;

/**
 * A weight matrix where it lies in the mapped file, with the kernel for its format.
 *
 * @param type how its elements are stored
 * @param kernel how its rows are multiplied
 * @param data the bytes
 * @param offset of the first row
 * @param rowBytes distance of the rows
 * @param rows outputs
 * @param columns inputs
 */
record Matrix(
    TensorType type,
    MatrixKernel kernel,
    MemorySegment data,
    long offset,
    long rowBytes,
    int rows,
    int columns) {

  /** A whole tensor, with stacked matrices as one tall one. */
  static Matrix of(Kernels kernels, Weight weight, ModelSource source) {
    Tensor tensor = source.tensor(weight.name());
    String context = source.label() + ": tensor '" + weight.name() + "'";
    return new Matrix(
        tensor.type(),
        kernels.matrix(tensor.type(), context),
        tensor.data(),
        weight.firstRow() * tensor.rowBytes(),
        tensor.rowBytes(),
        weight.rows(),
        weight.columns());
  }

  /** One of several stacked matrices. */
  Matrix stacked(int index) {
    return new Matrix(
        type, kernel, data, offset + (long) index * rows * rowBytes, rowBytes, rows, columns);
  }

  /** Where a row begins. */
  long rowOffset(int row) {
    return offset + row * rowBytes;
  }

  /** Decodes a row. */
  void decodeRow(int row, float[] target, int targetOffset) {
    kernel.decode(data, rowOffset(row), target, targetOffset, columns);
  }
}

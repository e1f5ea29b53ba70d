package org.zonda.model.graph;

import java.util.Arrays;
import org.zonda.model.ModelSource;
import org.zonda.model.tensor.Tensor;

/**
 * The name and shape of a tensor, or of consecutive rows of one, that an operation multiplies or
 * adds; the data stays with the {@link ModelSource}.
 *
 * @param name such as {@code blk.0.attn_q.weight}
 * @param columns length of a row, the operation's inputs
 * @param rows number of rows, the operation's outputs; 1 for a vector
 * @param matrices how many such matrices are stacked; 1 except for experts
 * @param from elements of the tensor that come before it; 0 unless it is a part
 */
public record Weight(String name, int columns, int rows, int matrices, long from) {

  /**
   * A whole tensor.
   *
   * @param name the tensor's
   * @param columns length of a row
   * @param rows number of rows
   * @param matrices how many are stacked
   */
  public Weight(String name, int columns, int rows, int matrices) {
    this(name, columns, rows, matrices, 0);
  }

  /**
   * Some outputs of several that one tensor holds one after the other, such as the queries of
   * {@code attn_qkv}: rows of a matrix, elements of a vector (which has one row).
   *
   * @param first the first output
   * @param count how many
   * @return the part
   */
  public Weight part(int first, int count) {
    int outputs = rows == 1 ? columns : rows;
    if (matrices != 1 || first < 0 || count < 1 || first > outputs - count) {
      throw new IllegalArgumentException("no outputs " + first + " + " + count + " in " + this);
    }
    return rows == 1
        ? new Weight(name, count, 1, 1, from + first)
        : new Weight(name, columns, count, 1, from + (long) first * columns);
  }

  /**
   * The row of the tensor with which the part begins.
   *
   * @return 0 unless it is a part of a matrix
   */
  public long firstRow() {
    return from / columns;
  }

  /**
   * The bytes it takes in the file.
   *
   * @param source has the tensor
   * @return those of its rows
   */
  public long bytes(ModelSource source) {
    return source.tensor(name).type().bytes(columns) * rows * matrices;
  }

  /**
   * Decodes it; for vectors and small matrices.
   *
   * @param source has the tensor
   * @return a new array of all elements
   * @throws ArithmeticException if there are more elements than an array holds
   */
  public float[] floats(ModelSource source) {
    Tensor tensor = source.tensor(name);
    int elements = Math.toIntExact((long) columns * rows * matrices);
    float[] all = tensor.toFloats();
    int first = Math.toIntExact(from);
    return all.length == elements ? all : Arrays.copyOfRange(all, first, first + elements);
  }

  @Override
  public String toString() {
    String stack = matrices > 1 ? matrices + "x" : "";
    return name + "[" + stack + rows + "x" + columns + (from > 0 ? " from " + from : "") + "]";
  }
}

package org.zonda.model.graph;

/**
 * The name and shape of a tensor that an operation multiplies or adds; the data stays with the
 * {@link org.zonda.model.ModelSource}.
 *
 * @param name such as {@code blk.0.attn_q.weight}
 * @param columns length of a row, the operation's inputs
 * @param rows number of rows, the operation's outputs; 1 for a vector
 * @param matrices how many such matrices are stacked; 1 except for experts
 */
public record Weight(String name, int columns, int rows, int matrices) {

  @Override
  public String toString() {
    return name + "[" + (matrices > 1 ? matrices + "x" : "") + rows + "x" + columns + "]";
  }
}

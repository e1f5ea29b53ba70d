package org.zonda.bench.lab;

import org.zonda.kernels.MatrixFlags;

/**
 * Sizes of a launch of a matrix kernel.
 *
 * @param rows output rows
 * @param columns input width
 * @param layers of the stack
 * @param perLayer matrices a layer
 * @param cursor the first layer of the graph's execution
 * @param slot the kernel works for layer {@code cursor + slot}
 * @param work rows of the pass
 * @param capacity groups in y, or rows that they cover, some of them beyond the data
 * @param padding floats between the input rows and between the output rows
 * @param flags those of {@link MatrixFlags}
 * @param group items of a group, other than of matmul
 * @param lanes items a row, or for matmul the side of a tile
 */
record MatrixShape(
    int rows,
    int columns,
    int layers,
    int perLayer,
    int cursor,
    int slot,
    int work,
    int capacity,
    int padding,
    int flags,
    int group,
    int lanes) {

  /** Experts a token uses, where it uses any. */
  static final int USED = 2;

  /** A single matrix and rows that lie close. */
  static MatrixShape plain(int rows, int columns, int work, int group, int lanes) {
    return new MatrixShape(rows, columns, 1, 1, 0, 0, work, work, 0, 0, group, lanes);
  }

  /** The last of several layers, each row of the pass by its experts. */
  static MatrixShape routed(int rows, int columns, int work, int experts, int flags) {
    int all = flags | MatrixFlags.ROUTED | MatrixFlags.used(USED);
    return new MatrixShape(rows, columns, 2, experts, 0, 1, work, work * USED + 1, 2, all, 64, 32);
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** Output rows in all. */
  int items() {
    return has(MatrixFlags.ROUTED) ? work * USED : work;
  }

  /** Input rows for each row of the pass. */
  int inputsPerRow() {
    return has(MatrixFlags.ROUTED) && !has(MatrixFlags.SHARED_INPUT) ? USED : 1;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(rows + " x " + columns + ", pass of " + work);
    if (layers > 1) {
      text.append(", layer ").append(cursor + slot).append(" of ").append(layers);
    }
    if (padding > 0) {
      text.append(", padded");
    }
    if (has(MatrixFlags.ACCUMULATE)) {
      text.append(", added to y");
    }
    if (has(MatrixFlags.BIAS)) {
      text.append(", bias");
    }
    if (has(MatrixFlags.ROUTED)) {
      text.append(", ").append(perLayer).append(" experts");
    }
    return text.append(", ").append(lanes).append(group == 0 ? "-tile" : " lanes").toString();
  }
}

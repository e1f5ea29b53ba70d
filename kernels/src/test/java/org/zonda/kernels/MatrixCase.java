package org.zonda.kernels;

/**
 * One launch of a matrix kernel.
 *
 * @param rows output rows
 * @param blocks columns, in blocks of the format
 * @param layers of the stack
 * @param perLayer matrices a layer
 * @param cursor the first layer of the graph's execution
 * @param slot the kernel works for layer {@code cursor + slot}
 * @param work rows of the pass
 * @param capacity groups in y (or rows that they cover), some of them beyond the data
 * @param padding floats between the input rows and between the output rows
 * @param flags those of {@link MatrixFlags}
 * @param group items of a group, other than of matmul
 * @param lanes items a row, or for matmul the side of a tile
 */
record MatrixCase(
    int rows,
    int blocks,
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

  /** One of the given rows and blocks in groups of two rows; the last of several layers. */
  static MatrixCase routed(int rows, int blocks, int work, int experts, int flags) {
    return new MatrixCase(
        rows,
        blocks,
        2,
        experts,
        0,
        1,
        work,
        work * USED + 1,
        2,
        flags | MatrixFlags.ROUTED | MatrixFlags.used(USED),
        64,
        32);
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
}

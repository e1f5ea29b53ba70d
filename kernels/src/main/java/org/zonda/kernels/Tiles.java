package org.zonda.kernels;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * The tiled product of many rows: what the {@code matmul} kernels share.
 *
 * <p>A group computes a square of {@code tile} output rows by {@code tile} pass rows, {@code tile}
 * being a multiple of 16 up to 64, with {@code tile * tile / 16} items in x (64 for a tile of 32,
 * 256 for one of 64). The grid has {@code ceil(rows / tile)} groups in x and at least {@code ceil(R
 * / tile)} groups (of size 1) in y; those beyond R do nothing.
 *
 * <p>In steps of {@link #DEPTH} columns the group decodes its part of the weights into local
 * memory, once, and copies its part of the inputs there; then each item multiplies 4 by 4 results
 * in registers: 8 local reads for 16 multiplications. So a weight is read from device memory once
 * for {@code tile} pass rows, an input once for {@code tile} output rows. Both parts lie column
 * after column with one float of padding, so that neighbouring items meet different banks when they
 * write and when they read. The two local arrays take {@code 256 * (tile + 1)} bytes.
 *
 * <p>Output rows and pass rows beyond the data repeat the last one and are not stored.
 */
public final class Tiles {

  /** Columns of a step: one block of Q8_0 and Q4_0, a whole part of those of 256. */
  static final int DEPTH = 32;

  /** Results of an item: {@link #SIDE} output rows for each of as many pass rows. */
  static final int RESULTS = 16;

  /** Results of an item along each side. */
  static final int SIDE = 4;

  private Tiles() {}

  /** Work-items of a group for a tile of the given side. */
  public static int groupSize(int tile) {
    return tile * tile / RESULTS;
  }

  /**
   * Columns to go through: all, or none for a group beyond the rows of the pass. That it depends on
   * the pass also keeps the loop over the columns from being unrolled, whose length the compiler
   * would otherwise know.
   */
  static int depth(KernelContext c, IntArray pass, int columns, int tile) {
    int depth = 0;
    if (c.groupIdy * tile < pass.get(PassLayout.ROWS)) {
      depth = columns;
    }
    return depth;
  }

  /** Where row i of column k lies in a local array. */
  static int place(int k, int i, int tile) {
    return k * (tile + 1) + i;
  }

  /** The output row of row i of the tile. */
  static int row(KernelContext c, int i, int rows, int tile) {
    int row = c.groupIdx * tile + i;
    if (row >= rows) {
      row = rows - 1;
    }
    return row;
  }

  /** The input of row i of the tile; zero beyond the last column. */
  static float input(
      KernelContext c,
      IntArray pass,
      FloatArray x,
      int i,
      int column,
      int columns,
      int inStride,
      int tile) {
    int item = c.groupIdy * tile + i;
    int last = pass.get(PassLayout.ROWS) - 1;
    if (item > last) {
      item = last;
    }
    float value = 0f;
    if (column < columns) {
      value = x.get(item * inStride + column);
    }
    return value;
  }

  /**
   * The row of the weights' tile with which this item's results begin; the others follow evenly.
   */
  static int weightLane(KernelContext c, int tile) {
    return c.localIdx % (tile / SIDE);
  }

  /** The row of the inputs' tile with which this item's results begin; the others follow evenly. */
  static int inputLane(KernelContext c, int tile) {
    return c.localIdx / (tile / SIDE);
  }

  /** Stores result n of this item, if it is one of the data's. */
  static void store(
      KernelContext c,
      IntArray pass,
      int n,
      float sum,
      FloatArray bias,
      FloatArray y,
      int firstRow,
      int rows,
      int outStride,
      int flags,
      int tile) {
    int row = c.groupIdx * tile + weightLane(c, tile) + (n % SIDE) * (tile / SIDE);
    int item = c.groupIdy * tile + inputLane(c, tile) + (n / SIDE) * (tile / SIDE);
    if (item < pass.get(PassLayout.ROWS) && row < rows) {
      Work.store(y, item * outStride + row, sum, bias, firstRow + row, flags);
    }
  }
}

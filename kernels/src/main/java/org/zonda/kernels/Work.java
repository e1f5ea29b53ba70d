package org.zonda.kernels;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Which output row of which item a work-item of {@code matvec} or {@code gated} helps with. */
public final class Work {

  private Work() {}

  /** The output row of this work-item, perhaps beyond the last. */
  public static int row(KernelContext c, int lanes) {
    return (c.groupIdx * c.localGroupSizeX + c.localIdx) / lanes;
  }

  /** The place of this work-item among those of its row. */
  public static int lane(KernelContext c, int lanes) {
    return c.localIdx & (lanes - 1);
  }

  /** The number of items there are. */
  public static int items(IntArray pass, int flags) {
    return pass.get(PassLayout.ROWS) * MatrixFlags.usedOf(flags);
  }

  /**
   * Columns that the group goes through: all, or none where its item is beyond the data. The same
   * for all of the group, so that barriers may depend on it.
   */
  public static int depth(KernelContext c, IntArray pass, int columns, int flags) {
    int depth = 0;
    if (c.groupIdy < items(pass, flags)) {
      depth = columns;
    }
    return depth;
  }

  /** The row, or the last one instead of one beyond. */
  public static int within(int row, int rows) {
    int within = row;
    if (within >= rows) {
      within = rows - 1;
    }
    return within;
  }

  /** The matrix that serves an item: its place in the stack. */
  public static int matrix(
      IntArray cursor, IntArray route, int slot, int perLayer, int item, int flags) {
    int matrix = (cursor.get(0) + slot) * perLayer;
    if ((flags & MatrixFlags.ROUTED) != 0) {
      matrix = matrix + route.get(item);
    }
    return matrix;
  }

  /** The input row of an item. */
  public static int inputRow(int item, int flags) {
    int row = item;
    if ((flags & MatrixFlags.SHARED_INPUT) != 0) {
      row = item / MatrixFlags.usedOf(flags);
    }
    return row;
  }

  /** A result with the bias, if the flags ask for it. */
  public static float biased(float value, FloatArray bias, int biasIndex, int flags) {
    float result = value;
    if ((flags & MatrixFlags.BIAS) != 0) {
      result = result + bias.get(biasIndex);
    }
    return result;
  }

  /** Stores a result with the bias and on top of the residual, as the flags ask. */
  public static void store(
      FloatArray y, int index, float value, FloatArray bias, int biasIndex, int flags) {
    float result = biased(value, bias, biasIndex, flags);
    if ((flags & MatrixFlags.ACCUMULATE) != 0) {
      result = result + y.get(index);
    }
    y.set(index, result);
  }
}

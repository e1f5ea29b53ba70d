package org.zonda.kernels;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Moves whole rows. No share of the bandwidth has been measured yet. */
public final class Rows {

  private Rows() {}

  /** The row of an embedding table that a row of the pass takes; the first where no list says. */
  static int inTable(IntArray pass, int list, int row) {
    int tableRow = 0;
    if (list != PassLayout.ROWS) {
      tableRow = pass.get(list + row);
    }
    return tableRow;
  }

  /**
   * Copies the rows whose logits are wanted to the front of another array, in their order, so that
   * the head computes nothing else.
   *
   * <p>Grid: x at least {@code width}, y at least the W wanted rows; what is beyond does nothing.
   * Bytes moved: {@code 8 * W * width}.
   *
   * @param c the context
   * @param pass the pass; its wanted row numbers are read
   * @param x rows of {@code width} floats, row after row
   * @param y the wanted rows, W x width; another array than x
   * @param width floats a row
   * @param capacity rows that a pass has at most (M of {@link PassLayout})
   */
  public static void gather(
      KernelContext c, IntArray pass, FloatArray x, FloatArray y, int width, int capacity) {
    int i = c.globalIdx;
    int row = c.globalIdy;
    if (row < pass.get(PassLayout.WANTED) && i < width) {
      int from = pass.get(PassLayout.wanted(capacity) + row);
      y.set(row * width + i, x.get(from * width + i));
    }
  }

  /**
   * Copies all rows to another array.
   *
   * <p>Grid: x at least {@code width}, y at least the rows; what is beyond does nothing. Bytes
   * moved: {@code 8 * rows * width}.
   *
   * @param c the context
   * @param pass the pass; only its number of rows is read
   * @param x rows of {@code width} floats, row after row
   * @param y likewise; another array than x
   * @param width floats a row
   */
  public static void copy(KernelContext c, IntArray pass, FloatArray x, FloatArray y, int width) {
    int i = c.globalIdx;
    int row = c.globalIdy;
    if (row < pass.get(PassLayout.ROWS) && i < width) {
      y.set(row * width + i, x.get(row * width + i));
    }
  }
}

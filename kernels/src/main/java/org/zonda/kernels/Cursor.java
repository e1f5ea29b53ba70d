package org.zonda.kernels;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Which layer of its stack a graph works on: {@code cursor[0]}, an index kept on the device, so
 * that the same compiled graph serves one layer after the other without anything being copied. Grid
 * of both kernels: one work-item. Each moves 4 or 8 bytes.
 *
 * <p>After it come, where layers attend, two ints a layer: what layers of one stack may differ in,
 * so that a model whose layers take turns is one stack still.
 */
public final class Cursor {

  private Cursor() {}

  /** Ints of the cursor of a number of layers. */
  public static int size(int layers) {
    return 1 + 2 * layers;
  }

  /** Index of the number of positions that a row of a layer sees, its own included; 0 for all. */
  public static int window(int layer) {
    return 1 + 2 * layer;
  }

  /** Index of where the rotations of a layer begin in the table of all. */
  public static int rotation(int layer) {
    return 2 + 2 * layer;
  }

  /**
   * Moves on to later layers.
   *
   * @param c the context
   * @param cursor one int
   * @param by how many layers
   */
  public static void advance(KernelContext c, IntArray cursor, int by) {
    if (c.globalIdx == 0) {
      cursor.set(0, cursor.get(0) + by);
    }
  }

  /**
   * Goes back to the first layer.
   *
   * @param c the context
   * @param cursor one int
   */
  public static void reset(KernelContext c, IntArray cursor) {
    if (c.globalIdx == 0) {
      cursor.set(0, 0);
    }
  }
}

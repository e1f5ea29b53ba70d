package org.zonda.kernels;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Which layer of its stack a graph works on: {@code cursor[0]}, an index kept on the device, so
 * that the same compiled graph serves one layer after the other without anything being copied. Grid
 * of both kernels: one work-item. Each moves 4 or 8 bytes.
 */
public final class Cursor {

  private Cursor() {}

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

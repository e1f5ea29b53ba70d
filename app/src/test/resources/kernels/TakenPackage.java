package org.zonda.kernels;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

public final class TakenPackage {
  @Kernel("cursor.reset")
  public static void reset(KernelContext c, IntArray cursor) {
    cursor.set(0, 0);
  }
}

package org.zonda.bench.lab;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task3;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Kernels that prepare outputs on the device. */
public final class LabKernels {

  static final Task3<KernelContext, FloatArray, Integer> FILL_FLOATS = LabKernels::fillFloats;
  static final Task3<KernelContext, IntArray, Integer> FILL_INTS = LabKernels::fillInts;
  static final Task3<KernelContext, HalfFloatArray, Integer> FILL_HALVES = LabKernels::fillHalves;

  private LabKernels() {}

  /** Marks every element as not written by the kernel that is checked. */
  public static void fillFloats(KernelContext c, FloatArray y, int size) {
    if (c.globalIdx < size) {
      y.set(c.globalIdx, Trial.UNTOUCHED);
    }
  }

  /** As {@link #fillFloats}. */
  public static void fillInts(KernelContext c, IntArray y, int size) {
    if (c.globalIdx < size) {
      y.set(c.globalIdx, Trial.UNTOUCHED_INT);
    }
  }

  /** As {@link #fillFloats}. */
  public static void fillHalves(KernelContext c, HalfFloatArray y, int size) {
    if (c.globalIdx < size) {
      y.set(c.globalIdx, new HalfFloat(Trial.UNTOUCHED));
    }
  }
}

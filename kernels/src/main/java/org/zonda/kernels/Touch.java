package org.zonda.kernels;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Kernels that compute nothing: TornadoVM gives memory only to arrays that a task of the graph
 * uses, so these are the tasks of the graph that makes arrays resident. The {@code read} ones are
 * for arrays whose contents come from the host, the {@code clear} ones for those that are written
 * on the device first. Where fewer than four arrays are at hand, one may be given several times.
 * Grid of all: one work-item. Bytes moved: 16 at most.
 */
public final class Touch {

  private Touch() {}

  /** Reads the first element of each. */
  public static void readInts(
      KernelContext k, IntArray a, IntArray b, IntArray c, IntArray d, IntArray sink) {
    if (k.globalIdx == 0) {
      sink.set(0, a.get(0) + b.get(0) + c.get(0) + d.get(0));
    }
  }

  /** Reads the first element of each. */
  public static void readFloats(
      KernelContext k, FloatArray a, FloatArray b, FloatArray c, FloatArray d, FloatArray sink) {
    if (k.globalIdx == 0) {
      sink.set(0, a.get(0) + b.get(0) + c.get(0) + d.get(0));
    }
  }

  /** Reads the first element of each. */
  public static void readHalves(
      KernelContext k,
      HalfFloatArray a,
      HalfFloatArray b,
      HalfFloatArray c,
      HalfFloatArray d,
      FloatArray sink) {
    if (k.globalIdx == 0) {
      float sum = a.get(0).getFloat32() + b.get(0).getFloat32();
      sink.set(0, sum + c.get(0).getFloat32() + d.get(0).getFloat32());
    }
  }

  /** Sets the first element of each to zero. */
  public static void clearInts(KernelContext k, IntArray a, IntArray b, IntArray c, IntArray d) {
    if (k.globalIdx == 0) {
      a.set(0, 0);
      b.set(0, 0);
      c.set(0, 0);
      d.set(0, 0);
    }
  }

  /** Sets the first element of each to zero. */
  public static void clearFloats(
      KernelContext k, FloatArray a, FloatArray b, FloatArray c, FloatArray d) {
    if (k.globalIdx == 0) {
      a.set(0, 0f);
      b.set(0, 0f);
      c.set(0, 0f);
      d.set(0, 0f);
    }
  }

  /** Sets the first element of each to zero. */
  public static void clearHalves(
      KernelContext k, HalfFloatArray a, HalfFloatArray b, HalfFloatArray c, HalfFloatArray d) {
    if (k.globalIdx == 0) {
      HalfFloat zero = new HalfFloat(0f);
      a.set(0, zero);
      b.set(0, zero);
      c.set(0, zero);
      d.set(0, zero);
    }
  }
}

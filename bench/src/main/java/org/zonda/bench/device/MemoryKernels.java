package org.zonda.bench.device;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * What memory gives to the simplest kernels: the measure for the others.
 *
 * <p>Both go through the array in steps of the whole grid, neighbouring items on neighbouring
 * words.
 */
public final class MemoryKernels {

  private MemoryKernels() {}

  /** Adds up what each work-item reads: {@code count} floats from {@code from} on. */
  public static void read(KernelContext c, FloatArray in, FloatArray out, int from, int count) {
    int step = c.globalGroupSizeX;
    float a = 0f;
    float b = 0f;
    float d = 0f;
    float e = 0f;
    for (int i = c.globalIdx; i < count; i = i + 4 * step) {
      a = a + in.get(from + i);
      b = b + in.get(from + i + step);
      d = d + in.get(from + i + 2 * step);
      e = e + in.get(from + i + 3 * step);
    }
    out.set(c.globalIdx, (a + b) + (d + e));
  }

  /** Copies {@code count} floats from {@code from} on. */
  public static void copy(KernelContext c, FloatArray in, FloatArray out, int from, int count) {
    int step = c.globalGroupSizeX;
    for (int i = c.globalIdx; i < count; i = i + step) {
      out.set(from + i, in.get(from + i));
    }
  }
}

package org.zonda.kernels;

import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;

/** Elements of a cache that is F16 or F32; which one is a constant of the compiled kernel. */
final class CacheAccess {

  private CacheAccess() {}

  static float load(HalfFloatArray array16, FloatArray array32, boolean half, int index) {
    float value = 0f;
    if (half) {
      value = array16.get(index).getFloat32();
    } else {
      value = array32.get(index);
    }
    return value;
  }

  static void store(
      HalfFloatArray array16, FloatArray array32, boolean half, int index, float value) {
    if (half) {
      array16.set(index, new HalfFloat(value));
    } else {
      array32.set(index, value);
    }
  }
}

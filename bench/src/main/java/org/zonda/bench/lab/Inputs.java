package org.zonda.bench.lab;

import java.util.Random;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Arrays that trials are made of. */
final class Inputs {

  private Inputs() {}

  static float[] gaussian(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  static FloatArray floats(float... values) {
    FloatArray array = new FloatArray(values.length);
    for (int i = 0; i < values.length; i++) {
      array.set(i, values[i]);
    }
    return array;
  }

  static FloatArray floats(int size, float value) {
    FloatArray array = new FloatArray(size);
    array.init(value);
    return array;
  }

  static IntArray ints(int... values) {
    IntArray array = new IntArray(values.length);
    for (int i = 0; i < values.length; i++) {
      array.set(i, values[i]);
    }
    return array;
  }

  static HalfFloatArray halves(int size, float deviation, Random random) {
    HalfFloatArray array = new HalfFloatArray(size);
    for (int i = 0; i < size; i++) {
      array.set(i, new HalfFloat(deviation * (float) random.nextGaussian()));
    }
    return array;
  }

  /** A value as a half float has it. */
  static float half(float value) {
    return Float.float16ToFloat(Float.floatToFloat16(value));
  }

  static float[] slice(float[] array, int from, int count) {
    return java.util.Arrays.copyOfRange(array, from, from + count);
  }

  static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}

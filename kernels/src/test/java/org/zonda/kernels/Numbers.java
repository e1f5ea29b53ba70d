package org.zonda.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Random inputs, and comparison with what an oracle says. */
final class Numbers {

  private Numbers() {}

  static float[] gaussian(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  static FloatArray array(float[] values) {
    FloatArray array = new FloatArray(values.length);
    for (int i = 0; i < values.length; i++) {
      array.set(i, values[i]);
    }
    return array;
  }

  static FloatArray filled(int size, float value) {
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

  static float[] slice(FloatArray array, int from, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = array.get(from + i);
    }
    return values;
  }

  static float[] slice(float[] array, int from, int count) {
    float[] values = new float[count];
    System.arraycopy(array, from, values, 0, count);
    return values;
  }

  /** Each difference is at most {@code tolerance} of the largest expected magnitude. */
  static void close(String what, float[] actual, double[] expected, double tolerance) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    double largest = 0;
    for (double value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < actual.length; i++) {
      double difference = Math.abs(actual[i] - expected[i]);
      // Not "greater than": that would let pass what is not a number.
      if (!(difference <= tolerance * largest)) {
        throw new AssertionError(
            what + ": element " + i + " is " + actual[i] + ", expected " + expected[i]);
      }
    }
  }
}

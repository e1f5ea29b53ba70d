package org.zonda.bench.lab;

import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * The worst difference between what a kernel left behind and what its oracle says.
 *
 * @param error the difference as a share of the largest expected magnitude of its array, or of what
 *     its elements are sums of; infinite where an element was to be left alone, is an integer or is
 *     not a number, and differs
 * @param place the element, such as {@code y[12]}
 * @param expected what the oracle says
 * @param found what the kernel left
 */
record Comparison(double error, String place, double expected, double found) {

  private static final Comparison NONE = new Comparison(0, "", 0, 0);

  /** Compares all outputs of a trial. */
  static Comparison of(Trial trial) {
    Comparison worst = NONE;
    for (Trial.Expected output : trial.expected()) {
      Comparison of = of(output, trial.magnitude());
      worst = worst.place.isEmpty() || of.error > worst.error ? of : worst;
    }
    return worst;
  }

  private static Comparison of(Trial.Expected output, double magnitude) {
    TornadoNativeArray array = output.array();
    boolean floats = !(array instanceof IntArray);
    double untouched = Trial.untouched(array, 1)[0];
    double largest = magnitude;
    for (double value : output.values()) {
      if (Double.isFinite(value) && value != untouched) {
        largest = Math.max(largest, Math.abs(value));
      }
    }
    double worst = -1;
    int at = 0;
    for (int i = 0; i < output.values().length && worst < Double.POSITIVE_INFINITY; i++) {
      double expected = output.values()[i];
      double error = error(expected, Trial.value(array, i), untouched, largest, floats);
      if (error > worst) {
        worst = error;
        at = i;
      }
    }
    return new Comparison(
        Math.max(0, worst),
        output.name() + "[" + at + "]",
        output.values()[at],
        Trial.value(array, at));
  }

  private static double error(
      double expected, double found, double untouched, double largest, boolean floats) {
    if (!Double.isFinite(expected)) {
      return Double.isFinite(found) ? Double.POSITIVE_INFINITY : 0;
    }
    double difference = Math.abs(found - expected);
    boolean exact = !floats || expected == untouched || !Double.isFinite(found);
    // Devices have no smaller floats.
    if (difference == 0 || !exact && difference < Float.MIN_NORMAL) {
      return 0;
    }
    return exact || largest == 0 ? Double.POSITIVE_INFINITY : difference / largest;
  }
}

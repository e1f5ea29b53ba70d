package org.zonda.kernels;

import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Picking the best of a list one after the other: larger values come first, equal ones in the order
 * of their ids. Nothing is marked as taken: what comes next is the best of what comes after the
 * last one picked. A group's items each look through their own share of the list, and a tree in
 * local memory finds the best of theirs.
 */
final class Selection {

  /** The most work-items a group may have. */
  static final int MOST_ITEMS = 1024;

  /** The id of none; it comes after all others. */
  static final int NONE = Integer.MAX_VALUE;

  static final float LOWEST = -Float.MAX_VALUE;

  private Selection() {}

  /** Whether the first value and id come before the second. */
  static boolean before(float value, int id, float other, int otherId) {
    return value > other || (value == other && id < otherId);
  }

  /** A listed value as a finite number, {@link #LOWEST} for none and for what is not a number. */
  static float value(FloatArray x, int base, int id) {
    float value = LOWEST;
    if (id != NONE) {
      float stored = x.get(base + id);
      if (stored > LOWEST) {
        value = TornadoMath.min(stored, Float.MAX_VALUE);
      }
    }
    return value;
  }

  /**
   * The best of elements {@code from, from + step, ...} below {@code to} that comes after one of
   * them.
   *
   * @param last the id of that one, -1 for the best of all
   * @return its id, {@link #NONE} if there is none
   */
  static int next(FloatArray x, int base, int from, int to, int step, int last) {
    float lastValue = Float.MAX_VALUE;
    if (last >= 0) {
      lastValue = value(x, base, last);
    }
    float best = LOWEST;
    int id = NONE;
    for (int i = from; i < to; i += step) {
      float value = value(x, base, i);
      if (before(lastValue, last, value, i) && before(value, i, best, id)) {
        best = value;
        id = i;
      }
    }
    return id;
  }
}

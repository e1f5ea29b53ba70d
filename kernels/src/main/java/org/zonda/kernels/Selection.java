package org.zonda.kernels;

import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Picking the best of a list one after the other: larger values come first, equal ones in the order
 * of their ids. Nothing is marked as taken: what comes next is the best of what comes after the
 * last one picked. A group's items each look through their own share of the list, and a tree in
 * local memory finds the best of theirs.
 *
 * <p>Conditions are kept apart, one comparison each: TornadoVM 5.2 negates {@code a || (b && c)} by
 * halves.
 */
final class Selection {

  /** The most work-items a group may have. */
  static final int MOST_ITEMS = 1024;

  /** The id of none. */
  static final int NONE = Integer.MAX_VALUE;

  /** What anything lower, and what is not a number, counts as. */
  static final float LOWEST = -3e38f;

  /** The value of none: below all others. */
  static final float NOTHING = -Float.MAX_VALUE;

  private Selection() {}

  /** An element between {@link #LOWEST} and the largest float. */
  static float bounded(FloatArray x, int index) {
    float value = LOWEST;
    float stored = x.get(index);
    if (stored > LOWEST) {
      value = TornadoMath.min(stored, Float.MAX_VALUE);
    }
    return value;
  }

  /** The bounded value with an id, {@link #NOTHING} for none. */
  static float value(FloatArray x, int base, int id) {
    float value = NOTHING;
    if (id != NONE) {
      value = bounded(x, base + id);
    }
    return value;
  }

  /**
   * The best of elements {@code from, from + step, ...} below {@code to}.
   *
   * @return its id, {@link #NONE} if there is none
   */
  static int first(FloatArray x, int base, int from, int to, int step) {
    float best = NOTHING;
    int id = NONE;
    for (int i = from; i < to; i += step) {
      float value = bounded(x, base + i);
      if (value > best) {
        best = value;
        id = i;
      }
    }
    return id;
  }

  /**
   * The best of the same elements that comes after one of them.
   *
   * @param last the id of that one
   * @return its id, {@link #NONE} if there is none
   */
  static int next(FloatArray x, int base, int from, int to, int step, int last) {
    float lastValue = bounded(x, base + last);
    float best = NOTHING;
    int id = NONE;
    for (int i = from; i < last; i += step) {
      float value = bounded(x, base + i);
      if (value < lastValue) {
        if (value > best) {
          best = value;
          id = i;
        }
      }
    }
    for (int i = last + step; i < to; i += step) {
      float value = bounded(x, base + i);
      if (value <= lastValue) {
        if (value > best) {
          best = value;
          id = i;
        }
      }
    }
    return id;
  }
}

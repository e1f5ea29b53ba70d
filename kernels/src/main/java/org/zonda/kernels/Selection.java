package org.zonda.kernels;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Picks the best of a list one after the other, a group together: larger values come first, equal
 * ones in the order of their ids. Nothing is marked as taken: what comes next is the best of what
 * comes after the last one picked.
 */
final class Selection {

  /** The most work-items a group may have. */
  static final int MOST_ITEMS = 1024;

  /** The id of none; it comes after all others. */
  static final int NONE = Integer.MAX_VALUE;

  static final float LOWEST = -Float.MAX_VALUE;

  private Selection() {}

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
      boolean after = value < lastValue || (value == lastValue && i > last);
      if (after && (value > best || id == NONE)) {
        best = value;
        id = i;
      }
    }
    return id;
  }

  /**
   * Brings the best of all items' candidates to index 0. Every item of the group must come here,
   * having written its own; when it returns all may read index 0. The group's size must be a power
   * of two.
   */
  static void reduce(KernelContext c, float[] values, int[] ids) {
    int item = c.localIdx;
    for (int half = c.localGroupSizeX / 2; half > 0; half = half / 2) {
      c.localBarrier();
      if (item < half) {
        float other = values[item + half];
        int otherId = ids[item + half];
        if (other > values[item] || (other == values[item] && otherId < ids[item])) {
          values[item] = other;
          ids[item] = otherId;
        }
      }
    }
    c.localBarrier();
  }
}

package org.zonda.runtime.backend;

import java.util.Arrays;

/**
 * The greatest of a row of logits in order: falling, and among equal ones by rising ids, where -0
 * equals 0. A NaN comes before every number, so that it cannot hide. Its memory grows to what was
 * needed and is used again. One thread.
 */
public final class Ranking {

  /** Logit and id in one number, so that a greater one comes first in the ranking. */
  private long[] keys = {};

  /**
   * Ranks a row's greatest.
   *
   * @param logits where the row lies
   * @param offset index of its first
   * @param length how many it has
   * @param count how many to rank, at most {@code length}
   */
  public void rank(float[] logits, int offset, int length, int count) {
    reserve(count);
    for (int i = 0; i < count; i++) {
      keys[i] = key(logits[offset + i], i);
    }
    if (count > 0 && count < length) {
      replaceLesser(logits, offset, length, count);
    }
    Arrays.sort(keys, 0, count);
    for (int i = 0, j = count - 1; i < j; i++, j--) {
      long swap = keys[i];
      keys[i] = keys[j];
      keys[j] = swap;
    }
  }

  /** A heap of the first has the least on top, which gives way to a greater one that follows. */
  private void replaceLesser(float[] logits, int offset, int length, int count) {
    for (int i = count / 2 - 1; i >= 0; i--) {
      siftDown(i, count);
    }
    float least = logits[offset + id(0)];
    for (int i = count; i < length; i++) {
      if (!(logits[offset + i] <= least)) { // an equal one has a higher id and comes later
        keys[0] = Math.max(keys[0], key(logits[offset + i], i));
        siftDown(0, count);
        least = logits[offset + id(0)];
      }
    }
  }

  /**
   * The id at a place.
   *
   * @param place from 0, the greatest
   * @return its index in the row
   */
  public int id(int place) {
    return (int) ~keys[place];
  }

  private void siftDown(int start, int count) {
    long key = keys[start];
    int at = start;
    for (int child = 2 * at + 1; child < count; child = 2 * at + 1) {
      if (child + 1 < count && keys[child + 1] < keys[child]) {
        child++;
      }
      if (key <= keys[child]) {
        break;
      }
      keys[at] = keys[child];
      at = child;
    }
    keys[at] = key;
  }

  /** The logit's bits in an order that integers have, above the id's complement. */
  private static long key(float logit, int id) {
    int bits = Float.floatToIntBits(logit + 0f); // the sum makes -0 and 0 equal
    int ordered = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
    return ((long) ordered << 32) | (~id & 0xFFFFFFFFL);
  }

  private void reserve(int count) {
    if (keys.length < count) {
      keys = new long[count];
    }
  }
}

package org.zonda.tornado.simulator;

import java.util.Arrays;

/**
 * What is known about each element of an array: whether it has been written, and which items last
 * used it. A stamp packs the barrier interval ({@link Clock#interval}), the item within its group,
 * and flags. Groups run one after another, so that a stamp before the current group's first
 * interval is another group's; two accesses of one group are ordered when their intervals differ.
 *
 * <p>Of the readers two are kept: the last one, and another that a write would still conflict with,
 * preferably of another group. Whoever writes conflicts with one of the two if it conflicts with
 * any.
 */
final class Shadow {
  private static final int ITEM_BITS = 12;
  private static final int INTERVAL_SHIFT = 16;
  private static final long ITEM = (1L << ITEM_BITS) - 1;
  private static final long ATOMIC = 1L << 12;

  /** Atomic updates of several items in this interval. */
  private static final long SEVERAL = 1L << 13;

  /** Atomic updates of other groups of this launch too. */
  private static final long FOREIGN = 1L << 14;

  /** The most work-items of a group that stamps can tell apart. */
  static final int MAX_ITEMS = (int) ITEM + 1;

  private final Memory memory;
  private final int size;
  private final boolean local;

  /** One bit an element, set while it is unwritten; null where all are written. Not for local. */
  private long[] unwritten;

  private long[] write;
  private long[] lastRead;
  private long[] otherRead;
  private boolean watched;

  /** Of an array of device memory, nothing of it written. */
  static Shadow ofDevice(Memory memory, int size) {
    Shadow shadow = new Shadow(memory, size, false);
    shadow.forget();
    return shadow;
  }

  /** Of an array of local memory, in which each group finds nothing written. */
  static Shadow ofLocal(Memory memory, int size) {
    Shadow shadow = new Shadow(memory, size, true);
    shadow.watch(true);
    return shadow;
  }

  private Shadow(Memory memory, int size, boolean local) {
    this.memory = memory;
    this.size = size;
    this.local = local;
  }

  /** Turns the search for races on or off; it is of use only where a launch writes the array. */
  void watch(boolean on) {
    watched = on;
    if (on && write == null) {
      write = new long[size];
      lastRead = new long[size];
      otherRead = new long[size];
    }
  }

  /** All elements have been written. */
  void fill() {
    unwritten = null;
  }

  /** Nothing has been written. */
  void forget() {
    unwritten = new long[(size + 63) / 64];
    Arrays.fill(unwritten, -1L);
  }

  boolean isWritten(int index) {
    return unwritten == null || (unwritten[index >> 6] >> index & 1) == 0;
  }

  void read(int index) {
    if (!local && !isWritten(index)) {
      throw Launch.current().unwritten(memory, index);
    }
    if (watched) {
      readWatched(index);
    }
  }

  private void readWatched(int index) {
    long w = write[index];
    if (local && w >>> INTERVAL_SHIFT < Clock.groupStart) {
      throw Launch.current().unwritten(memory, index);
    }
    if (conflicts(w)) {
      throw race("read", index, w, true);
    }
    long mine = Clock.stamp;
    long last = lastRead[index];
    if (last == mine) {
      return;
    }
    long interval = last >>> INTERVAL_SHIFT;
    if (interval >= Clock.launchStart && !foreign(otherRead[index])) {
      if (interval < Clock.groupStart || interval == Clock.interval) {
        otherRead[index] = last;
      }
    }
    lastRead[index] = mine;
  }

  void write(int index) {
    if (watched) {
      check("write", index, 0);
      write[index] = Clock.stamp;
    }
    if (unwritten != null) {
      unwritten[index >> 6] &= ~(1L << index);
    }
  }

  /** An atomic update: a read and a write that conflicts with others of its kind never. */
  void update(int index) {
    if (!local && !isWritten(index)) {
      throw Launch.current().unwritten(memory, index);
    }
    if (!watched) {
      return;
    }
    long w = write[index];
    if (local && w >>> INTERVAL_SHIFT < Clock.groupStart) {
      throw Launch.current().unwritten(memory, index);
    }
    check("atomic update", index, ATOMIC);
    long stamp = Clock.stamp | ATOMIC;
    if ((w & ATOMIC) != 0) {
      if (foreign(w)) {
        stamp |= FOREIGN;
      }
      if (w >>> INTERVAL_SHIFT == Clock.interval && ((w ^ Clock.stamp) & ITEM | w & SEVERAL) != 0) {
        stamp |= SEVERAL;
      }
    }
    write[index] = stamp;
  }

  private void check(String access, int index, long harmless) {
    long w = write[index];
    if ((w & harmless) == 0 && conflicts(w)) {
      throw race(access, index, w, true);
    }
    if (conflicts(lastRead[index])) {
      throw race(access, index, lastRead[index], false);
    }
    if (conflicts(otherRead[index])) {
      throw race(access, index, otherRead[index], false);
    }
  }

  private boolean foreign(long stamp) {
    long interval = stamp >>> INTERVAL_SHIFT;
    return !local
        && interval >= Clock.launchStart
        && (interval < Clock.groupStart || (stamp & FOREIGN) != 0);
  }

  private boolean conflicts(long stamp) {
    if (stamp >>> INTERVAL_SHIFT == Clock.interval) {
      return ((stamp ^ Clock.stamp) & ITEM | stamp & (SEVERAL | FOREIGN)) != 0;
    }
    return foreign(stamp);
  }

  private KernelFault race(String access, int index, long other, boolean written) {
    String what = (other & ATOMIC) != 0 ? "an atomic update" : written ? "a write" : "a read";
    return Launch.current()
        .race(
            memory,
            access,
            index,
            what,
            foreign(other),
            other >>> INTERVAL_SHIFT,
            (int) (other & ITEM));
  }

  static long stamp(long interval, int item) {
    return interval << INTERVAL_SHIFT | item;
  }
}

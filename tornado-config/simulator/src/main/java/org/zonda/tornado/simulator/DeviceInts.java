package org.zonda.tornado.simulator;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** 32-bit integers in device memory; what a kernel sees of a {@code IntArray}. */
public final class DeviceInts extends DeviceArray {
  private final int[] data;

  DeviceInts(int size, boolean watched) {
    super(size, size * (long) Integer.BYTES, watched);
    data = new int[size];
    Arrays.fill(data, Poison.INT);
  }

  /** As {@link uk.ac.manchester.tornado.api.types.arrays.IntArray#get}. */
  public int get(int index) {
    checkBounds(index, "read");
    if (shadow != null) {
      shadow.read(index);
    }
    return data[index];
  }

  /** As {@link uk.ac.manchester.tornado.api.types.arrays.IntArray#set}. */
  public void set(int index, int value) {
    checkBounds(index, "write");
    if (shadow != null) {
      shadow.write(index);
    }
    data[index] = value;
  }

  void atomicAdd(int index, int value) {
    checkBounds(index, "atomic update");
    if (shadow != null) {
      shadow.update(index);
    }
    data[index] += value;
  }

  @Override
  void load(MemorySegment from) {
    MemorySegment.copy(from, ValueLayout.JAVA_INT_UNALIGNED, 0, data, 0, data.length);
  }

  @Override
  void store(MemorySegment to, int first, int count) {
    MemorySegment.copy(
        data, first, to, ValueLayout.JAVA_INT_UNALIGNED, (long) first * Integer.BYTES, count);
  }
}

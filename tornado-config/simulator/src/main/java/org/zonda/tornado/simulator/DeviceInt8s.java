package org.zonda.tornado.simulator;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Signed 8-bit integers in device memory; what a kernel sees of a {@code Int8Array}. */
public final class DeviceInt8s extends DeviceArray {
  private final byte[] data;

  DeviceInt8s(int size, boolean watched) {
    super(size, size * (long) 1, watched);
    data = new byte[size];
    Arrays.fill(data, Poison.BYTE);
  }

  /** As {@link uk.ac.manchester.tornado.api.types.arrays.Int8Array#get}. */
  public byte get(int index) {
    checkBounds(index, "read");
    if (shadow != null) {
      shadow.read(index);
    }
    return data[index];
  }

  /** As {@link uk.ac.manchester.tornado.api.types.arrays.Int8Array#set}. */
  public void set(int index, byte value) {
    checkBounds(index, "write");
    if (shadow != null) {
      shadow.write(index);
    }
    data[index] = value;
  }

  @Override
  void load(MemorySegment from) {
    MemorySegment.copy(from, ValueLayout.JAVA_BYTE, 0, data, 0, data.length);
  }

  @Override
  void store(MemorySegment to, int first, int count) {
    MemorySegment.copy(data, first, to, ValueLayout.JAVA_BYTE, (long) first * 1, count);
  }
}

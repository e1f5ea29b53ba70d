package org.zonda.tornado.simulator;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import uk.ac.manchester.tornado.api.types.HalfFloat;

/** Bytes in device memory; what a kernel sees of a {@code ByteArray}. */
public final class DeviceBytes extends DeviceArray {
  private final byte[] data;

  DeviceBytes(int size, boolean watched) {
    super(size, size * (long) 1, watched);
    data = new byte[size];
    Arrays.fill(data, Poison.BYTE);
  }

  /** As {@link uk.ac.manchester.tornado.api.types.arrays.ByteArray#get}. */
  public byte get(int index) {
    checkBounds(index, "read");
    if (shadow != null) {
      shadow.read(index);
    }
    return data[index];
  }

  /** As {@link uk.ac.manchester.tornado.api.types.arrays.ByteArray#set}. */
  public void set(int index, byte value) {
    checkBounds(index, "write");
    if (shadow != null) {
      shadow.write(index);
    }
    data[index] = value;
  }

  /** As {@link uk.ac.manchester.tornado.api.types.arrays.ByteArray#getHalfFloat(int)}. */
  public HalfFloat getHalfFloat(int byteIndex) {
    return new HalfFloat((short) (get(byteIndex) & 0xff | get(byteIndex + 1) << 8));
  }

  /** As {@link uk.ac.manchester.tornado.api.types.arrays.ByteArray#setHalfFloat}. */
  public void setHalfFloat(int byteIndex, HalfFloat value) {
    set(byteIndex, (byte) value.getHalfFloatValue());
    set(byteIndex + 1, (byte) (value.getHalfFloatValue() >> 8));
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

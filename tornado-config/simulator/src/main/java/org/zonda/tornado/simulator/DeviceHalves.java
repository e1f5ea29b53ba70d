package org.zonda.tornado.simulator;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import uk.ac.manchester.tornado.api.types.HalfFloat;

/** Half-precision numbers in device memory; what a kernel sees of a {@code HalfFloatArray}. */
public final class DeviceHalves extends DeviceArray {
  private final short[] data;

  DeviceHalves(int size, boolean watched) {
    super(size, size * (long) Short.BYTES, watched);
    data = new short[size];
    Arrays.fill(data, Poison.HALF);
  }

  /** As {@link uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray#get}. */
  public HalfFloat get(int index) {
    checkBounds(index, "read");
    if (shadow != null) {
      shadow.read(index);
    }
    return new HalfFloat(data[index]);
  }

  /** As {@link uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray#set}. */
  public void set(int index, HalfFloat value) {
    checkBounds(index, "write");
    if (shadow != null) {
      shadow.write(index);
    }
    data[index] = value.getHalfFloatValue();
  }

  @Override
  void load(MemorySegment from) {
    MemorySegment.copy(from, ValueLayout.JAVA_SHORT_UNALIGNED, 0, data, 0, data.length);
  }

  @Override
  void store(MemorySegment to, int first, int count) {
    MemorySegment.copy(
        data, first, to, ValueLayout.JAVA_SHORT_UNALIGNED, (long) first * Short.BYTES, count);
  }
}

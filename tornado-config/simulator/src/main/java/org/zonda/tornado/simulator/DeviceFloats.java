package org.zonda.tornado.simulator;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Single-precision numbers in device memory; what a kernel sees of a {@code FloatArray}. */
public final class DeviceFloats extends DeviceArray {
  private final float[] data;

  DeviceFloats(int size, boolean watched) {
    super(size, size * (long) Float.BYTES, watched);
    data = new float[size];
    Arrays.fill(data, Float.intBitsToFloat(Poison.FLOAT));
  }

  /** As {@link uk.ac.manchester.tornado.api.types.arrays.FloatArray#get}. */
  public float get(int index) {
    checkBounds(index, "read");
    if (shadow != null) {
      shadow.read(index);
    }
    return data[index];
  }

  /** As {@link uk.ac.manchester.tornado.api.types.arrays.FloatArray#set}. */
  public void set(int index, float value) {
    checkBounds(index, "write");
    if (shadow != null) {
      shadow.write(index);
    }
    data[index] = value;
  }

  void atomicAdd(int index, float value) {
    checkBounds(index, "atomic update");
    if (shadow != null) {
      shadow.update(index);
    }
    data[index] += value;
  }

  @Override
  void load(MemorySegment from) {
    MemorySegment.copy(from, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, data, 0, data.length);
  }

  @Override
  void store(MemorySegment to, int first, int count) {
    MemorySegment.copy(
        data, first, to, ValueLayout.JAVA_FLOAT_UNALIGNED, (long) first * Float.BYTES, count);
  }
}

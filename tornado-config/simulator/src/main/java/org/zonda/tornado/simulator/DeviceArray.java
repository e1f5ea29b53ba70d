package org.zonda.tornado.simulator;

import java.lang.foreign.MemorySegment;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.Int8Array;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * An array in device memory: the device's own copy of a host array. It is poisoned until it is
 * written.
 */
public abstract sealed class DeviceArray implements Memory
    permits DeviceFloats, DeviceInts, DeviceHalves, DeviceBytes, DeviceInt8s {
  private final int size;
  private final long bytes;
  private boolean freed;

  /** Null where accesses are not watched. */
  final Shadow shadow;

  DeviceArray(int size, long bytes, boolean watched) {
    this.size = size;
    this.bytes = bytes + TornadoNativeArray.ARRAY_HEADER;
    this.shadow = watched ? Shadow.ofDevice(this, size) : null;
  }

  /** A poisoned array of the size and type of a host array. */
  static DeviceArray like(TornadoNativeArray host, boolean watched) {
    int size = host.getSize();
    return switch (host) {
      case FloatArray _ -> new DeviceFloats(size, watched);
      case IntArray _ -> new DeviceInts(size, watched);
      case HalfFloatArray _ -> new DeviceHalves(size, watched);
      case ByteArray _ -> new DeviceBytes(size, watched);
      case Int8Array _ -> new DeviceInt8s(size, watched);
    };
  }

  @Override
  public final int getSize() {
    return size;
  }

  /** Bytes of device memory, header included. */
  final long bytes() {
    return bytes;
  }

  /** Nothing of it has been written any more. */
  final void forget() {
    if (shadow != null) {
      shadow.forget();
    }
  }

  final void free() {
    freed = true;
  }

  final boolean isFreed() {
    return freed;
  }

  /** Copies all elements from the host. */
  final void copyIn(TornadoNativeArray host) {
    load(host.getSegment());
    if (shadow != null) {
      shadow.fill();
    }
  }

  /** Copies elements to the host; those never written are poison there too. */
  final void copyOut(TornadoNativeArray host, int first, int count) {
    store(host.getSegment(), first, count);
  }

  abstract void load(MemorySegment from);

  abstract void store(MemorySegment to, int first, int count);

  final void checkBounds(int index, String access) {
    if (index < 0 || index >= size) {
      throw Launch.current().outOfBounds(this, index, size, access);
    }
  }
}

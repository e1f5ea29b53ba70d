package org.zonda.tornado.simulator;

import java.util.Arrays;

/**
 * What transformed kernels do instead of plain array accesses and of arithmetic that TornadoVM
 * compiles wrongly. A Java array in a kernel is local memory if the kernel context gave it, and
 * private to the item if the kernel made it.
 */
public final class Monitor {
  private Monitor() {}

  /** Elements that a private array may have; a device has room for far fewer. */
  private static final int MOST_PRIVATE = 1 << 16;

  /** How many jumps backwards there are between two looks at the clock, less one: a mask. */
  private static final int LOOK = (1 << 14) - 1;

  private static int jumps;

  /** A jump backwards: a kernel goes round a loop, perhaps for ever. */
  public static void jump() {
    if ((++jumps & LOOK) == 0) {
      Launch.current().checkTime();
    }
  }

  /** The length of a private array that is about to be made. */
  public static int length(int elements) {
    if (elements < 0 || elements > MOST_PRIVATE) {
      throw Launch.current()
          .fault(
              FaultKind.REFUSED_LAUNCH,
              "a private array of "
                  + elements
                  + " elements; a work-item may have "
                  + MOST_PRIVATE
                  + " at most");
    }
    return elements;
  }

  /** Reads an element of local or private memory. */
  public static float load(float[] array, int index) {
    LocalArray local = check(array, index, array.length, "read");
    float value = array[index];
    read(local, index, Float.floatToRawIntBits(value) == Poison.FLOAT);
    return value;
  }

  /** Writes an element of local or private memory. */
  public static void store(float[] array, int index, float value) {
    write(check(array, index, array.length, "write"), index);
    array[index] = value;
  }

  /** Poisons a new private array: TornadoVM does not set it to zero. */
  public static float[] poison(float[] array) {
    Arrays.fill(array, Float.intBitsToFloat(Poison.FLOAT));
    return array;
  }

  /** Reads an element of local or private memory. */
  public static int load(int[] array, int index) {
    LocalArray local = check(array, index, array.length, "read");
    int value = array[index];
    read(local, index, value == Poison.INT);
    return value;
  }

  /** Writes an element of local or private memory. */
  public static void store(int[] array, int index, int value) {
    write(check(array, index, array.length, "write"), index);
    array[index] = value;
  }

  /** Poisons a new private array: TornadoVM does not set it to zero. */
  public static int[] poison(int[] array) {
    Arrays.fill(array, Poison.INT);
    return array;
  }

  /** Reads an element of local or private memory. */
  public static double load(double[] array, int index) {
    LocalArray local = check(array, index, array.length, "read");
    double value = array[index];
    read(local, index, Double.doubleToRawLongBits(value) == Poison.DOUBLE);
    return value;
  }

  /** Writes an element of local or private memory. */
  public static void store(double[] array, int index, double value) {
    write(check(array, index, array.length, "write"), index);
    array[index] = value;
  }

  /** Poisons a new private array: TornadoVM does not set it to zero. */
  public static double[] poison(double[] array) {
    Arrays.fill(array, Double.longBitsToDouble(Poison.DOUBLE));
    return array;
  }

  /** Reads an element of local or private memory. */
  public static long load(long[] array, int index) {
    LocalArray local = check(array, index, array.length, "read");
    long value = array[index];
    read(local, index, value == Poison.LONG);
    return value;
  }

  /** Writes an element of local or private memory. */
  public static void store(long[] array, int index, long value) {
    write(check(array, index, array.length, "write"), index);
    array[index] = value;
  }

  /** Poisons a new private array: TornadoVM does not set it to zero. */
  public static long[] poison(long[] array) {
    Arrays.fill(array, Poison.LONG);
    return array;
  }

  /** Reads an element of local or private memory. */
  public static byte load(byte[] array, int index) {
    LocalArray local = check(array, index, array.length, "read");
    byte value = array[index];
    read(local, index, false);
    return value;
  }

  /** Writes an element of local or private memory. */
  public static void store(byte[] array, int index, byte value) {
    write(check(array, index, array.length, "write"), index);
    array[index] = value;
  }

  /** Poisons a new private array: TornadoVM does not set it to zero. */
  public static byte[] poison(byte[] array) {
    Arrays.fill(array, Poison.BYTE);
    return array;
  }

  /** Reads an element of local or private memory. */
  public static short load(short[] array, int index) {
    LocalArray local = check(array, index, array.length, "read");
    short value = array[index];
    read(local, index, false);
    return value;
  }

  /** Writes an element of local or private memory. */
  public static void store(short[] array, int index, short value) {
    write(check(array, index, array.length, "write"), index);
    array[index] = value;
  }

  /** Poisons a new private array: TornadoVM does not set it to zero. */
  public static short[] poison(short[] array) {
    Arrays.fill(array, Poison.SHORT);
    return array;
  }

  /** Reads an element of local or private memory. */
  public static Object load(Object[] array, int index) {
    LocalArray local = check(array, index, array.length, "read");
    Object value = array[index];
    read(local, index, value == null);
    return value;
  }

  /** Writes an element of local or private memory. */
  public static void store(Object[] array, int index, Object value) {
    write(check(array, index, array.length, "write"), index);
    array[index] = value;
  }

  private static LocalArray check(Object array, int index, int length, String access) {
    LocalArray local = Launch.current().find(array);
    if (index < 0 || index >= length) {
      throw Launch.current().outOfBounds(local, index, length, access);
    }
    return local;
  }

  private static void read(LocalArray local, int index, boolean poisoned) {
    if (local == null) {
      if (poisoned && Launch.current().checks()) {
        throw Launch.current().unwritten(null, index);
      }
    } else if (local.shadow != null) {
      local.shadow.read(index);
    }
  }

  private static void write(LocalArray local, int index) {
    if (local != null && local.shadow != null) {
      local.shadow.write(index);
    }
  }

  static void atomicAdd(int[] array, int index, int value) {
    LocalArray local = check(array, index, array.length, "atomic update");
    if (local == null) {
      throw Launch.current()
          .fault(FaultKind.LACKING_OPERATION, "atomicAdd on an array that is not in local memory");
    }
    if (local.shadow != null) {
      local.shadow.update(index);
    }
    array[index] += value;
  }

  /** As {@code QuantizationUtils.dp4a} on two arrays of device memory. */
  public static int dp4a(DeviceInt8s a, long offsetA, DeviceInt8s b, long offsetB, int c) {
    int sum = c;
    for (int i = 0; i < 4; i++) {
      sum += a.get((int) offsetA + i) * b.get((int) offsetB + i);
    }
    return sum;
  }

  /** As {@code QuantizationUtils.dp4a} on an array of device memory and one of local memory. */
  public static int dp4a(DeviceInt8s a, long offsetA, byte[] b, long offsetB, int c) {
    int sum = c;
    for (int i = 0; i < 4; i++) {
      sum += a.get((int) offsetA + i) * load(b, (int) offsetB + i);
    }
    return sum;
  }

  /** A division; TornadoVM's is wrong for negative dividends. */
  public static int divide(int a, int b) {
    if (a < 0) {
      throw Launch.current()
          .fault(
              FaultKind.LACKING_OPERATION,
              "division of the negative integer " + a + ", which TornadoVM compiles wrongly");
    }
    return a / b;
  }

  /** An unsigned shift whose sign bits are not masked off; TornadoVM shifts arithmetically. */
  public static int shift(int a, int bits) {
    if (a < 0 && (bits & 31) != 0) {
      throw Launch.current()
          .fault(
              FaultKind.LACKING_OPERATION,
              ">>> of the negative integer "
                  + a
                  + ", which TornadoVM compiles as >>; write (a >> bits) & mask");
    }
    return a >>> bits;
  }

  /** As {@link #shift(int, int)}. */
  public static long shift(long a, int bits) {
    if (a < 0 && (bits & 63) != 0) {
      throw Launch.current()
          .fault(
              FaultKind.LACKING_OPERATION,
              ">>> of the negative integer "
                  + a
                  + ", which TornadoVM compiles as >>; write (a >> bits) & mask");
    }
    return a >>> bits;
  }
}

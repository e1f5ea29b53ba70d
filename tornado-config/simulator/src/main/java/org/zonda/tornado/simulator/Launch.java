package org.zonda.tornado.simulator;

import java.lang.reflect.Array;
import java.util.Arrays;
import uk.ac.manchester.tornado.api.WorkerGrid;

/** One execution of a kernel over its grid: it runs the groups one after another. */
final class Launch {
  private static Launch current;

  private final String name;
  private final Kernel kernel;
  private final Object[] arguments;
  private final Settings settings;
  private LocalArray[] locals = new LocalArray[0];
  private long localBytes;
  private final long[] groupStarts;
  private long begun;
  private int group;

  final int localX;
  final int localY;
  final int localZ;
  final int groupsX;
  final int groupsY;
  final int groupsZ;
  int groupX;
  int groupY;
  int groupZ;

  /**
   * @param name the task's full name
   * @param arguments the kernel's, with device arrays in the places of the host's
   */
  Launch(String name, Kernel kernel, Object[] arguments, WorkerGrid grid, Settings settings) {
    this.name = name;
    this.kernel = kernel;
    this.arguments = arguments;
    this.settings = settings;
    long[] global = grid.getGlobalWork();
    long[] local = grid.getLocalWork() == null ? groupSize(global) : grid.getLocalWork();
    long items = 1;
    long[] groups = new long[3];
    for (int d = 0; d < 3; d++) {
      if (local[d] < 1 || global[d] < 1 || global[d] % local[d] != 0) {
        throw refused(
            "a grid of "
                + Arrays.toString(global)
                + " work-items cannot be cut into groups of "
                + Arrays.toString(local));
      }
      items *= local[d];
      groups[d] = global[d] / local[d];
    }
    if (items > settings.groupSize()) {
      throw refused(
          "groups of " + items + " work-items; the device allows " + settings.groupSize());
    }
    if (Arrays.stream(grid.getGlobalOffset()).anyMatch(offset -> offset != 0)) {
      throw refused("a grid with an offset is not simulated");
    }
    localX = (int) local[0];
    localY = (int) local[1];
    localZ = (int) local[2];
    groupsX = Math.toIntExact(groups[0]);
    groupsY = Math.toIntExact(groups[1]);
    groupsZ = Math.toIntExact(groups[2]);
    groupStarts = new long[Math.toIntExact(Math.multiplyExact(groups[0] * groups[1], groups[2]))];
  }

  private static long[] groupSize(long[] global) {
    long x = Math.min(global[0], 64);
    while (global[0] % x != 0) {
      x--;
    }
    return new long[] {x, 1, 1};
  }

  /** The launch that runs now. */
  static Launch current() {
    return current;
  }

  boolean checks() {
    return settings.checks();
  }

  /** Runs all groups. */
  void run() {
    current = this;
    begun = System.nanoTime();
    Clock.beginLaunch();
    try {
      for (Object argument : arguments) {
        if (argument instanceof DeviceArray array && array.shadow != null) {
          array.shadow.watch(false);
        }
      }
      for (int i = 0; i < arguments.length; i++) {
        if (arguments[i] instanceof DeviceArray array
            && array.shadow != null
            && kernel.access(i).writes()) {
          array.shadow.watch(true);
        }
      }
      WorkGroup items = new WorkGroup(this, kernel, arguments);
      for (groupZ = 0; groupZ < groupsZ; groupZ++) {
        for (groupY = 0; groupY < groupsY; groupY++) {
          for (groupX = 0; groupX < groupsX; groupX++) {
            Clock.beginGroup();
            groupStarts[group] = Clock.groupStart;
            group++;
            items.run();
          }
        }
      }
    } finally {
      current = null;
    }
  }

  /** Stops the kernel if it has had its time. */
  void checkTime() {
    long limit = settings.timeout();
    if (limit > 0 && System.nanoTime() - begun > limit * 1_000_000_000L) {
      throw fault(
          FaultKind.ENDLESS,
          "still goes round a loop here after " + limit + " s, which is its limit");
    }
  }

  int groupItems() {
    return localX * localY * localZ;
  }

  /** The array of local memory that is allocated at a place of the kernel. */
  <T> T local(int site, Class<T> type, int size) {
    for (LocalArray local : locals) {
      if (local.site() == site) {
        if (local.getSize() != size) {
          throw fault(
              FaultKind.REFUSED_LAUNCH,
              kernel.siteName(site)
                  + " has "
                  + size
                  + " elements here and "
                  + local.getSize()
                  + " in another work-item");
        }
        return type.cast(local.array());
      }
    }
    if (size < 0) {
      throw fault(FaultKind.REFUSED_LAUNCH, kernel.siteName(site) + " of " + size + " elements");
    }
    Class<?> element = type.getComponentType();
    int elementBytes =
        element == byte.class
            ? 1
            : element.isPrimitive() ? (element == int.class || element == float.class ? 4 : 8) : 2;
    localBytes += (long) size * elementBytes;
    if (localBytes > settings.localMemory()) {
      throw fault(
          FaultKind.REFUSED_LAUNCH,
          localBytes + " bytes of local memory; a group has " + settings.localMemory());
    }
    T array = type.cast(Array.newInstance(element, size));
    locals = Arrays.copyOf(locals, locals.length + 1);
    locals[locals.length - 1] = new LocalArray(site, array, settings.checks());
    return array;
  }

  /** The local memory behind a Java array, or null for a private one. */
  LocalArray find(Object array) {
    for (LocalArray local : locals) {
      if (local.array() == array) {
        return local;
      }
    }
    return null;
  }

  KernelFault refused(String what) {
    return new KernelFault(FaultKind.REFUSED_LAUNCH, name, what);
  }

  /** A fault of the item that runs now, at the line that it has reached. */
  KernelFault fault(FaultKind kind, String what) {
    return fault(kind, what, new Throwable().getStackTrace());
  }

  KernelFault fault(FaultKind kind, String what, StackTraceElement[] trace) {
    int item = (int) (Clock.stamp & Shadow.MAX_ITEMS - 1);
    return new KernelFault(kind, name + " (" + kernel.line(trace) + ")", item(item) + ": " + what);
  }

  /** A fault of the group that runs now. */
  KernelFault groupFault(FaultKind kind, String what) {
    return new KernelFault(
        kind,
        name + " (" + kernel.name() + ")",
        "group " + triple(groupX, groupY, groupZ) + ": " + what);
  }

  KernelFault outOfBounds(Memory memory, int index, int size, String access) {
    return fault(
        FaultKind.OUT_OF_BOUNDS,
        access + " of " + name(memory) + "[" + index + "], which has " + size + " elements");
  }

  KernelFault unwritten(Memory memory, int index) {
    return fault(FaultKind.UNWRITTEN_READ, "read of " + name(memory) + "[" + index + "]");
  }

  KernelFault race(
      Memory memory,
      String access,
      int index,
      String other,
      boolean foreign,
      long interval,
      int otherItem) {
    String where = name(memory) + "[" + index + "]";
    if (!foreign) {
      return fault(
          FaultKind.RACE_IN_GROUP,
          access
              + " of "
              + where
              + " after "
              + other
              + " by local id "
              + local(otherItem)
              + " with no barrier in between");
    }
    int found = Arrays.binarySearch(groupStarts, 0, group, interval);
    int otherGroup = found >= 0 ? found : -found - 2;
    return fault(
        FaultKind.RACE_BETWEEN_GROUPS,
        access
            + " of "
            + where
            + " after "
            + other
            + " by "
            + item(
                otherItem,
                otherGroup % groupsX,
                otherGroup / groupsX % groupsY,
                otherGroup / groupsX / groupsY));
  }

  private String name(Memory memory) {
    if (memory == null) {
      return "a private array";
    }
    if (memory instanceof LocalArray local) {
      return kernel.siteName(local.site());
    }
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i] == memory) {
        return kernel.parameter(i);
      }
    }
    return "an array";
  }

  String item(int item) {
    return item(item, groupX, groupY, groupZ);
  }

  private String item(int item, int gx, int gy, int gz) {
    int x = item % localX;
    int y = item / localX % localY;
    int z = item / localX / localY;
    return "work-item "
        + triple(gx * localX + x, gy * localY + y, gz * localZ + z)
        + ", local id "
        + triple(x, y, z)
        + " of group "
        + triple(gx, gy, gz);
  }

  private String local(int item) {
    return triple(item % localX, item / localX % localY, item / localX / localY);
  }

  private static String triple(int x, int y, int z) {
    return "(" + x + ", " + y + ", " + z + ")";
  }
}

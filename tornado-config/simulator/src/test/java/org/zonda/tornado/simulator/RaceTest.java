package org.zonda.tornado.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

class RaceTest {
  private static final int EVERY = DataTransferMode.EVERY_EXECUTION;

  static void mirror(KernelContext c, FloatArray y, int barrier) {
    float[] part = c.allocateFloatLocalArray(8);
    part[c.localIdx] = c.localIdx;
    if (barrier == 1) {
      c.localBarrier();
    }
    y.set(c.globalIdx, part[c.localGroupSizeX - 1 - c.localIdx]);
  }

  private static TaskGraph mirror(FloatArray y, int barrier) {
    return new TaskGraph("g")
        .task("t", RaceTest::mirror, new KernelContext(), y, barrier)
        .transferToHost(EVERY, y);
  }

  @Test
  void readAfterWriteInLocalMemoryNeedsABarrier() {
    FloatArray y = new FloatArray(16);

    KernelFault fault = Run.fault(mirror(y, 0), 16, 8);
    Run.once(mirror(y, 1), 16, 8);

    // Items run in turn: the first finds nothing, as it may on a device.
    assertThat(fault.kind()).isIn(FaultKind.UNWRITTEN_READ, FaultKind.RACE_IN_GROUP);
    assertThat(y.toHeapArray()).startsWith(7, 6, 5, 4, 3, 2, 1, 0);
  }

  static void localReadAfterWrite(KernelContext c, FloatArray y, int barrier) {
    float[] part = c.allocateFloatLocalArray(8);
    part[c.localIdx] = c.localIdx;
    if (barrier == 1) {
      c.localBarrier();
    }
    if (c.localIdx > 0) {
      y.set(c.globalIdx, part[c.localIdx - 1]);
    }
  }

  @Test
  void localReadAfterWriteNamesBothItems() {
    FloatArray y = new FloatArray(8);

    KernelFault fault =
        Run.fault(
            new TaskGraph("g")
                .transferToDevice(EVERY, y)
                .task("t", RaceTest::localReadAfterWrite, new KernelContext(), y, 0)
                .transferToHost(EVERY, y),
            8,
            8);
    Run.once(
        new TaskGraph("g")
            .transferToDevice(EVERY, y)
            .task("t", RaceTest::localReadAfterWrite, new KernelContext(), y, 1)
            .transferToHost(EVERY, y),
        8,
        8);

    assertThat(fault.kind()).isEqualTo(FaultKind.RACE_IN_GROUP);
    assertThat(fault)
        .hasMessageContaining("work-item (1, 0, 0), local id (1, 0, 0) of group (0, 0, 0)")
        .hasMessageContaining("read of local array part (RaceTest.localReadAfterWrite)[0]")
        .hasMessageContaining("after a write by local id (0, 0, 0) with no barrier in between");
  }

  static void localWriteAfterRead(KernelContext c, FloatArray y, int barrier) {
    float[] part = c.allocateFloatLocalArray(9);
    part[c.localIdx] = c.localIdx;
    if (c.localIdx == 0) {
      part[8] = 8f;
    }
    c.localBarrier();
    float next = part[c.localIdx + 1];
    if (barrier == 1) {
      c.localBarrier();
    }
    part[c.localIdx] = next;
    c.localBarrier();
    y.set(c.globalIdx, part[c.localIdx]);
  }

  private static TaskGraph shift(FloatArray y, int barrier) {
    return new TaskGraph("g")
        .task("t", RaceTest::localWriteAfterRead, new KernelContext(), y, barrier)
        .transferToHost(EVERY, y);
  }

  @Test
  void localWriteAfterReadNeedsABarrier() {
    FloatArray y = new FloatArray(8);

    KernelFault fault = Run.fault(shift(y, 0), 8, 8);
    Run.once(shift(y, 1), 8, 8);

    assertThat(fault.kind()).isEqualTo(FaultKind.RACE_IN_GROUP);
    assertThat(fault).hasMessageContaining("write of local array part").hasMessageContaining("[1]");
    assertThat(fault).hasMessageContaining("after a read by local id (0, 0, 0)");
    assertThat(y.toHeapArray()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
  }

  static void sameLocalElement(KernelContext c, FloatArray y, int writers) {
    float[] part = c.allocateFloatLocalArray(1);
    if (c.localIdx < writers) {
      part[0] = 5f;
    }
    c.localBarrier();
    y.set(c.globalIdx, part[0]);
  }

  @Test
  void twoLocalWritersAreARaceOneIsNot() {
    FloatArray y = new FloatArray(4);

    KernelFault fault =
        Run.fault(
            new TaskGraph("g")
                .task("t", RaceTest::sameLocalElement, new KernelContext(), y, 2)
                .transferToHost(EVERY, y),
            4,
            4);
    Run.once(
        new TaskGraph("g")
            .task("t", RaceTest::sameLocalElement, new KernelContext(), y, 1)
            .transferToHost(EVERY, y),
        4,
        4);

    assertThat(fault.kind()).isEqualTo(FaultKind.RACE_IN_GROUP);
    assertThat(fault).hasMessageContaining("after a write by");
    assertThat(y.toHeapArray()).containsOnly(5f);
  }

  static void globalPrefix(KernelContext c, FloatArray y, int barrier) {
    y.set(c.globalIdx, c.localIdx);
    if (barrier == 1) {
      c.globalBarrier();
    }
    float before = c.localIdx > 0 ? y.get(c.globalIdx - 1) : 0f;
    if (barrier == 1) {
      c.globalBarrier();
    }
    y.set(c.globalIdx, before);
  }

  private static TaskGraph globalPrefix(FloatArray y, int barrier) {
    return new TaskGraph("g")
        .task("t", RaceTest::globalPrefix, new KernelContext(), y, barrier)
        .transferToHost(EVERY, y);
  }

  @Test
  void deviceMemoryNeedsBarriersWithinAGroupToo() {
    FloatArray y = new FloatArray(8);

    KernelFault fault = Run.fault(globalPrefix(y, 0), 8, 4);
    Run.once(globalPrefix(y, 1), 8, 4);

    assertThat(fault.kind()).isEqualTo(FaultKind.RACE_IN_GROUP);
    assertThat(fault).hasMessageContaining("read of y[0]");
    assertThat(y.toHeapArray()).containsExactly(0, 0, 1, 2, 0, 0, 1, 2);
  }

  static void pair(KernelContext c, FloatArray x, FloatArray y, int from, int to) {
    float value = from < 0 ? 1f : x.get(from + c.groupIdx);
    y.set(to + c.groupIdx, value);
  }

  private static KernelFault pair(FloatArray x, FloatArray y, int from, int to) {
    return Run.fault(
        new TaskGraph("g")
            .transferToDevice(EVERY, x, y)
            .task("t", RaceTest::pair, new KernelContext(), x, y, from, to)
            .transferToHost(EVERY, y),
        4,
        1);
  }

  @Test
  void groupsAreNeverOrdered() {
    FloatArray x = new FloatArray(8);

    // Group g reads x[g] and writes x[g + 1], which group g + 1 reads ...
    KernelFault readAfterWrite = pair(x, x, 0, 1);
    // ... reads x[g + 1], which group g + 1 writes.
    KernelFault writeAfterRead = pair(x, x, 1, 0);

    assertThat(readAfterWrite.kind()).isEqualTo(FaultKind.RACE_BETWEEN_GROUPS);
    assertThat(readAfterWrite)
        .hasMessageContaining("work-item (1, 0, 0), local id (0, 0, 0) of group (1, 0, 0)")
        .hasMessageContaining("read of x[1] after a write by work-item (0, 0, 0)");
    assertThat(writeAfterRead.kind()).isEqualTo(FaultKind.RACE_BETWEEN_GROUPS);
    assertThat(writeAfterRead).hasMessageContaining("write of x[1] after a read by work-item (0");
    assertThat(pair(x, new FloatArray(8), 0, 1)).isNull();
    assertThat(pair(x, x, 4, 0)).isNull();
  }

  static void oneElement(KernelContext c, IntArray y, int way) {
    if (way == 0) {
      y.set(0, 1);
    } else if (way == 1) {
      c.atomicAdd(y, 0, 1);
    } else if (c.globalIdx == 3) {
      y.set(0, 1);
    } else {
      c.atomicAdd(y, 0, 1);
    }
  }

  private static KernelFault oneElement(IntArray y, int way, int group) {
    return Run.fault(
        new TaskGraph("g")
            .transferToDevice(EVERY, y)
            .task("t", RaceTest::oneElement, new KernelContext(), y, way)
            .transferToHost(EVERY, y),
        8,
        group);
  }

  @Test
  void writesToOneElementRaceAndAtomicUpdatesDoNot() {
    IntArray y = new IntArray(1);

    assertThat(oneElement(y, 0, 8).kind()).isEqualTo(FaultKind.RACE_IN_GROUP);
    assertThat(oneElement(y, 0, 1).kind()).isEqualTo(FaultKind.RACE_BETWEEN_GROUPS);
    assertThat(oneElement(y, 1, 8)).isNull();
    assertThat(oneElement(y, 1, 1)).isNull();
    assertThat(y.get(0)).isEqualTo(16);
    assertThat(oneElement(y, 2, 8).kind()).isEqualTo(FaultKind.RACE_IN_GROUP);
    assertThat(oneElement(y, 2, 8)).hasMessageContaining("an atomic update");
    assertThat(oneElement(y, 2, 1).kind()).isEqualTo(FaultKind.RACE_BETWEEN_GROUPS);
  }

  static void countedThenRead(KernelContext c, IntArray y, IntArray z, int reader) {
    c.atomicAdd(y, 0, 1);
    c.globalBarrier();
    if (c.globalIdx == reader) {
      z.set(c.groupIdx, y.get(0));
    }
  }

  private static KernelFault countedThenRead(int items) {
    IntArray y = new IntArray(1);
    IntArray z = new IntArray(2);
    return Run.fault(
        new TaskGraph("g")
            .transferToDevice(EVERY, y, z)
            .task("t", RaceTest::countedThenRead, new KernelContext(), y, z, items - 4)
            .transferToHost(EVERY, y, z),
        items,
        4);
  }

  @Test
  void atomicUpdatesOfAnotherGroupAreNotForgottenForThoseOfTheOwn() {
    assertThat(countedThenRead(4)).isNull();
    assertThat(countedThenRead(8).kind()).isEqualTo(FaultKind.RACE_BETWEEN_GROUPS);
    assertThat(countedThenRead(8)).hasMessageContaining("read of y[0] after an atomic update");
  }

  static void localCounter(KernelContext c, IntArray y, int barrier) {
    int[] count = c.allocateIntLocalArray(1);
    if (c.localIdx == 0) {
      count[0] = 0;
    }
    c.localBarrier();
    c.atomicAdd(count, 0, 2);
    if (barrier == 1) {
      c.localBarrier();
    }
    if (c.localIdx == c.localGroupSizeX - 1) {
      y.set(c.groupIdx, count[0]);
    }
  }

  @Test
  void aCounterInLocalMemoryIsReadAfterABarrier() {
    IntArray y = new IntArray(2);

    KernelFault fault =
        Run.fault(
            new TaskGraph("g")
                .transferToDevice(EVERY, y)
                .task("t", RaceTest::localCounter, new KernelContext(), y, 0)
                .transferToHost(EVERY, y),
            16,
            8);
    Run.once(
        new TaskGraph("g")
            .transferToDevice(EVERY, y)
            .task("t", RaceTest::localCounter, new KernelContext(), y, 1)
            .transferToHost(EVERY, y),
        16,
        8);

    assertThat(fault.kind()).isEqualTo(FaultKind.RACE_IN_GROUP);
    assertThat(y.toHeapArray()).containsExactly(16, 16);
  }

  static void readersThenWriter(KernelContext c, FloatArray x, int writer) {
    float value = x.get(0);
    if (c.globalIdx == writer) {
      x.set(0, value + 1f);
    }
  }

  @Test
  void everyReaderIsRemembered() {
    FloatArray x = new FloatArray(1);
    for (int writer = 0; writer < 6; writer++) {
      KernelFault fault =
          Run.fault(
              new TaskGraph("g")
                  .transferToDevice(EVERY, x)
                  .task("t", RaceTest::readersThenWriter, new KernelContext(), x, writer)
                  .transferToHost(EVERY, x),
              6,
              3);

      assertThat(fault).as("writer %d", writer).isNotNull();
      assertThat(fault.kind())
          .as("writer %d", writer)
          .isEqualTo(writer < 3 ? FaultKind.RACE_IN_GROUP : FaultKind.RACE_BETWEEN_GROUPS);
    }
  }

  static void foreignReader(KernelContext c, FloatArray x, FloatArray y) {
    // All read; after a barrier the second group's first item writes what the first group has read.
    float value = x.get(0);
    c.globalBarrier();
    if (c.globalIdx == 4) {
      x.set(0, value);
    }
    y.set(c.globalIdx, value);
  }

  @Test
  void aReaderOfAnotherGroupIsNotForgottenForThoseOfTheOwn() {
    FloatArray x = new FloatArray(1);
    FloatArray y = new FloatArray(8);

    KernelFault fault =
        Run.fault(
            new TaskGraph("g")
                .transferToDevice(EVERY, x)
                .task("t", RaceTest::foreignReader, new KernelContext(), x, y)
                .transferToHost(EVERY, x, y),
            8,
            4);

    assertThat(fault.kind()).isEqualTo(FaultKind.RACE_BETWEEN_GROUPS);
  }

  @Test
  void launchesAreOrdered() {
    FloatArray x = new FloatArray(8);
    TaskGraph graph =
        new TaskGraph("g")
            .transferToDevice(EVERY, x)
            .task("t", RaceTest::pair, new KernelContext(), x, x, -1, 0)
            .transferToHost(EVERY, x);

    Run.once(graph, 4, 1);
    Run.once(graph, 4, 1);

    assertThat(x.toHeapArray()).startsWith(1, 1, 1, 1);
  }
}

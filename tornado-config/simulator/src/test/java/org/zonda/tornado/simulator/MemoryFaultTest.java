package org.zonda.tornado.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.Int8Array;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

class MemoryFaultTest {
  private static final int EVERY = DataTransferMode.EVERY_EXECUTION;

  static void copy(KernelContext c, FloatArray x, FloatArray y, int first) {
    y.set(c.globalIdx, x.get(c.globalIdx + first));
  }

  private static TaskGraph copying(FloatArray x, FloatArray y, int first) {
    return new TaskGraph("g")
        .transferToDevice(EVERY, x)
        .task("t", MemoryFaultTest::copy, new KernelContext(), x, y, first)
        .transferToHost(EVERY, y);
  }

  @Test
  void readOutOfBoundsIsReportedAndNothingComesBack() {
    FloatArray x = FloatArray.fromElements(1, 2, 3, 4, 5, 6, 7, 8);
    FloatArray y = new FloatArray(8);

    KernelFault fault = Run.fault(copying(x, y, 1), 8, 4);

    assertThat(fault.kind()).isEqualTo(FaultKind.OUT_OF_BOUNDS);
    assertThat(fault)
        .hasMessageMatching(
            "access out of bounds: g\\.t \\(MemoryFaultTest\\.copy:\\d+\\): work-item \\(7, 0, 0\\),"
                + " local id \\(3, 0, 0\\) of group \\(1, 0, 0\\): read of x\\[8\\], which has 8"
                + " elements");
    assertThat(y.toHeapArray()).containsOnly(0f);
  }

  @Test
  void negativeIndexIsReported() {
    KernelFault fault = Run.fault(copying(new FloatArray(8), new FloatArray(8), -1), 8, 4);

    assertThat(fault.kind()).isEqualTo(FaultKind.OUT_OF_BOUNDS);
    assertThat(fault).hasMessageContaining("read of x[-1]");
  }

  @Test
  void writeOutOfBoundsIsReported() {
    KernelFault fault = Run.fault(copying(new FloatArray(8), new FloatArray(7), 0), 8, 4);

    assertThat(fault.kind()).isEqualTo(FaultKind.OUT_OF_BOUNDS);
    assertThat(fault).hasMessageContaining("write of y[7], which has 7 elements");
  }

  @Test
  void withinBoundsAllIsWell() {
    FloatArray x = FloatArray.fromElements(1, 2, 3, 4, 5, 6, 7, 8, 9);
    FloatArray y = new FloatArray(8);

    Run.once(copying(x, y, 1), 8, 4);

    assertThat(y.toHeapArray()).containsExactly(2, 3, 4, 5, 6, 7, 8, 9);
  }

  static void neighbour(KernelContext c, FloatArray y, int size, int distance) {
    float[] part = c.allocateFloatLocalArray(size);
    part[c.localIdx] = c.globalIdx;
    c.localBarrier();
    y.set(c.globalIdx, part[c.localIdx + distance]);
  }

  private static TaskGraph neighbours(FloatArray y, int size, int distance) {
    return new TaskGraph("g")
        .task("t", MemoryFaultTest::neighbour, new KernelContext(), y, size, distance)
        .transferToHost(EVERY, y);
  }

  @Test
  void localMemoryOutOfBoundsIsReported() {
    KernelFault read = Run.fault(neighbours(new FloatArray(8), 4, 1), 8, 4);
    KernelFault write = Run.fault(neighbours(new FloatArray(8), 3, 0), 8, 4);

    assertThat(read.kind()).isEqualTo(FaultKind.OUT_OF_BOUNDS);
    assertThat(read).hasMessageContaining("read of local array part").hasMessageContaining("[4]");
    assertThat(write.kind()).isEqualTo(FaultKind.OUT_OF_BOUNDS);
    assertThat(write).hasMessageContaining("write of local array part").hasMessageContaining("[3]");
  }

  @Test
  void unwrittenLocalMemoryIsReportedAndIsFreshForEachGroup() {
    KernelFault fault = Run.fault(neighbours(new FloatArray(8), 5, 1), 8, 4);

    assertThat(fault.kind()).isEqualTo(FaultKind.UNWRITTEN_READ);
    assertThat(fault).hasMessageContaining("read of local array part").hasMessageContaining("[4]");
  }

  static void firstGroupWrites(KernelContext c, FloatArray y) {
    float[] part = c.allocateFloatLocalArray(4);
    if (c.groupIdx == 0) {
      part[c.localIdx] = 1f;
    }
    c.localBarrier();
    y.set(c.globalIdx, part[c.localIdx]);
  }

  @Test
  void whatAnotherGroupWroteToLocalMemoryIsNotThere() {
    FloatArray y = new FloatArray(8);

    KernelFault fault =
        Run.fault(
            new TaskGraph("g")
                .task("t", MemoryFaultTest::firstGroupWrites, new KernelContext(), y)
                .transferToHost(EVERY, y),
            8,
            4);

    assertThat(fault.kind()).isEqualTo(FaultKind.UNWRITTEN_READ);
    assertThat(fault).hasMessageContaining("of group (1, 0, 0)");
  }

  @Test
  void writtenLocalMemoryIsReadByNeighbours() {
    FloatArray y = new FloatArray(8);

    Run.once(neighbours(y, 4, 0), 8, 4);

    assertThat(y.toHeapArray()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
  }

  static void count(KernelContext c, IntArray y, int start) {
    int[] count = c.allocateIntLocalArray(1);
    if (start == 1 && c.localIdx == 0) {
      count[0] = 0;
    }
    c.localBarrier();
    c.atomicAdd(count, 0, 1);
    c.localBarrier();
    if (c.localIdx == 0) {
      c.atomicAdd(y, 0, count[0]);
    }
  }

  private static TaskGraph counting(IntArray y, int start) {
    return new TaskGraph("g")
        .task("t", MemoryFaultTest::count, new KernelContext(), y, start)
        .transferToHost(EVERY, y);
  }

  @Test
  void atomicUpdatesReadToo() {
    IntArray y = new IntArray(1);

    KernelFault local = Run.fault(counting(y, 0), 8, 4);
    KernelFault device = Run.fault(counting(y, 1), 8, 4);
    Run.once(counting(y, 1).transferToDevice(EVERY, y), 8, 4);

    assertThat(local.kind()).isEqualTo(FaultKind.UNWRITTEN_READ);
    assertThat(local).hasMessageContaining("local array count");
    assertThat(device.kind()).isEqualTo(FaultKind.UNWRITTEN_READ);
    assertThat(device).hasMessageContaining("read of y[0]");
    assertThat(y.get(0)).isEqualTo(8);
  }

  static void half(KernelContext c, FloatArray y, int filled) {
    HalfFloat[] part = c.allocateHalfFloatLocalArray(4);
    if (c.localIdx < filled) {
      part[c.localIdx] = new HalfFloat(0.5f);
    }
    c.localBarrier();
    y.set(c.globalIdx, part[3 - c.localIdx].getFloat32());
  }

  @Test
  void localArraysOfHalvesAreWatchedToo() {
    FloatArray y = new FloatArray(4);
    TaskGraph good =
        new TaskGraph("g")
            .task("t", MemoryFaultTest::half, new KernelContext(), y, 4)
            .transferToHost(EVERY, y);
    TaskGraph bad =
        new TaskGraph("g")
            .task("t", MemoryFaultTest::half, new KernelContext(), y, 3)
            .transferToHost(EVERY, y);

    Run.once(good, 4, 4);

    assertThat(y.toHeapArray()).containsOnly(0.5f);
    assertThat(Run.fault(bad, 4, 4).kind()).isEqualTo(FaultKind.UNWRITTEN_READ);
  }

  static void privately(KernelContext c, FloatArray y, int written, int read) {
    float[] own = new float[4];
    int[] ints = new int[4];
    for (int i = 0; i < written; i++) {
      own[i] = i;
      ints[i] = i;
    }
    y.set(c.globalIdx, own[read] + ints[read]);
  }

  private static TaskGraph privately(FloatArray y, int written, int read) {
    return new TaskGraph("g")
        .task("t", MemoryFaultTest::privately, new KernelContext(), y, written, read)
        .transferToHost(EVERY, y);
  }

  @Test
  void privateArraysAreCheckedAndNotSetToZero() {
    FloatArray y = new FloatArray(2);

    Run.once(privately(y, 4, 3), 2, 1);

    assertThat(y.toHeapArray()).containsOnly(6f);
    KernelFault unwritten = Run.fault(privately(y, 3, 3), 2, 1);
    assertThat(unwritten.kind()).isEqualTo(FaultKind.UNWRITTEN_READ);
    assertThat(unwritten).hasMessageContaining("a private array[3]");
    assertThat(Run.fault(privately(y, 4, 4), 2, 1).kind()).isEqualTo(FaultKind.OUT_OF_BOUNDS);
    assertThat(Run.fault(privately(y, 5, 3), 2, 1).kind()).isEqualTo(FaultKind.OUT_OF_BOUNDS);
  }

  static void everyType(
      KernelContext c, IntArray i, HalfFloatArray h, ByteArray b, Int8Array s, FloatArray y) {
    int at = c.globalIdx;
    y.set(
        at,
        i.get(at)
            + h.get(at).getFloat32()
            + b.get(at)
            + s.get(at)
            + b.getHalfFloat(2).getFloat32());
    i.set(at, 1);
    h.set(at, new HalfFloat(2f));
    b.set(at + 4, (byte) 3);
    s.set(at, (byte) 4);
  }

  @Test
  void allKindsOfArraysWork() {
    IntArray i = IntArray.fromElements(10, 20);
    HalfFloatArray h = HalfFloatArray.fromElements(new HalfFloat(0.5f), new HalfFloat(0.25f));
    ByteArray b = new ByteArray(6);
    b.set(0, (byte) -1);
    b.set(1, (byte) -2);
    b.setHalfFloat(2, new HalfFloat(100f));
    Int8Array s = Int8Array.fromElements((byte) 1, (byte) 2);
    FloatArray y = new FloatArray(2);

    Run.once(
        new TaskGraph("g")
            .transferToDevice(EVERY, i, h, b, s)
            .task("t", MemoryFaultTest::everyType, new KernelContext(), i, h, b, s, y)
            .transferToHost(EVERY, i, h, b, s, y),
        2,
        2);

    assertThat(y.toHeapArray()).containsExactly(110.5f, 120.25f);
    assertThat(i.toHeapArray()).containsExactly(1, 1);
    assertThat(h.get(1).getFloat32()).isEqualTo(2f);
    assertThat(b.toHeapArray()).endsWith((byte) 3, (byte) 3);
    assertThat(s.toHeapArray()).containsExactly(4, 4);
  }
}

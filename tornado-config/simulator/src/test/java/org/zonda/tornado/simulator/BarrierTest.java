package org.zonda.tornado.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

class BarrierTest {
  private static final int EVERY = DataTransferMode.EVERY_EXECUTION;

  static void someOnly(KernelContext c, FloatArray y, int waiting) {
    if (c.localIdx < waiting) {
      c.localBarrier();
    }
    y.set(c.globalIdx, 1f);
  }

  private static TaskGraph someOnly(FloatArray y, int waiting) {
    return new TaskGraph("g")
        .task("t", BarrierTest::someOnly, new KernelContext(), y, waiting)
        .transferToHost(EVERY, y);
  }

  @Test
  void aBarrierThatSomeItemsDoNotReachIsReported() {
    FloatArray y = new FloatArray(8);

    KernelFault fault = Run.fault(someOnly(y, 3), 8, 4);

    assertThat(fault.kind()).isEqualTo(FaultKind.DIVERGENT_BARRIER);
    assertThat(fault)
        .hasMessageContaining("g.t (BarrierTest.someOnly): group (0, 0, 0)")
        .hasMessageContaining("waits at localBarrier at BarrierTest.someOnly:")
        .hasMessageContaining("local id (3, 0, 0) of group (0, 0, 0) has left the kernel");
    assertThat(y.toHeapArray()).containsOnly(0f);
    Run.once(someOnly(y, 4), 8, 4);
    assertThat(y.toHeapArray()).containsOnly(1f);
    y.init(0f);
    Run.once(someOnly(y, 0), 8, 4);
    assertThat(y.toHeapArray()).containsOnly(1f);
  }

  static void twoPlaces(KernelContext c, FloatArray y, int first) {
    if (c.localIdx < first) {
      c.localBarrier();
    } else {
      c.localBarrier();
    }
    y.set(c.globalIdx, 1f);
  }

  @Test
  void barriersAtTwoPlacesDoNotMeet() {
    FloatArray y = new FloatArray(4);

    KernelFault fault =
        Run.fault(
            new TaskGraph("g")
                .task("t", BarrierTest::twoPlaces, new KernelContext(), y, 2)
                .transferToHost(EVERY, y),
            4,
            4);

    assertThat(fault.kind()).isEqualTo(FaultKind.DIVERGENT_BARRIER);
    Run.once(
        new TaskGraph("g")
            .task("t", BarrierTest::twoPlaces, new KernelContext(), y, 4)
            .transferToHost(EVERY, y),
        4,
        4);
    assertThat(y.toHeapArray()).containsOnly(1f);
  }

  static void rounds(KernelContext c, FloatArray y, int fewer) {
    int rounds = c.localIdx == 0 ? 5 - fewer : 5;
    for (int i = 0; i < rounds; i++) {
      c.localBarrier();
    }
    y.set(c.globalIdx, 1f);
  }

  @Test
  void loopsMustGoRoundEquallyOften() {
    FloatArray y = new FloatArray(4);

    KernelFault fault =
        Run.fault(
            new TaskGraph("g")
                .task("t", BarrierTest::rounds, new KernelContext(), y, 1)
                .transferToHost(EVERY, y),
            4,
            4);

    assertThat(fault.kind()).isEqualTo(FaultKind.DIVERGENT_BARRIER);
    Run.once(
        new TaskGraph("g")
            .task("t", BarrierTest::rounds, new KernelContext(), y, 0)
            .transferToHost(EVERY, y),
        4,
        4);
    assertThat(y.toHeapArray()).containsOnly(1f);
  }

  static float sum(KernelContext c, float value) {
    float[] part = c.allocateFloatLocalArray(4);
    part[c.localIdx] = value;
    c.localBarrier();
    return part[0] + part[1] + part[2] + part[3];
  }

  static void twoSums(KernelContext c, FloatArray y) {
    // Right without a barrier in between: inlined, the two calls have an array each.
    y.set(c.globalIdx, sum(c, 1f) * 100f + sum(c, c.localIdx));
  }

  @Test
  void aHelperHasItsOwnLocalMemoryAtEachCall() {
    FloatArray y = new FloatArray(8);

    Run.once(
        new TaskGraph("g")
            .task("t", BarrierTest::twoSums, new KernelContext(), y)
            .transferToHost(EVERY, y),
        8,
        4);

    assertThat(y.toHeapArray()).containsOnly(406f);
  }

  static void sumsInALoop(KernelContext c, FloatArray y) {
    float total = 0f;
    for (int i = 0; i < 2; i++) {
      total += sum(c, 1f);
    }
    y.set(c.globalIdx, total);
  }

  @Test
  void aHelperInALoopUsesTheSameLocalMemoryAgain() {
    FloatArray y = new FloatArray(4);

    KernelFault fault =
        Run.fault(
            new TaskGraph("g")
                .task("t", BarrierTest::sumsInALoop, new KernelContext(), y)
                .transferToHost(EVERY, y),
            4,
            4);

    assertThat(fault.kind()).isEqualTo(FaultKind.RACE_IN_GROUP);
  }

  static void helperInBranch(KernelContext c, FloatArray y, int first) {
    float value = 0f;
    if (c.localIdx < first) {
      value = sum(c, 1f);
    } else {
      value = sum(c, 1f);
    }
    y.set(c.globalIdx, value);
  }

  @Test
  void oneBarrierOfAHelperIsAnotherAtEachCall() {
    FloatArray y = new FloatArray(4);

    KernelFault fault =
        Run.fault(
            new TaskGraph("g")
                .task("t", BarrierTest::helperInBranch, new KernelContext(), y, 2)
                .transferToHost(EVERY, y),
            4,
            4);

    assertThat(fault.kind()).isEqualTo(FaultKind.DIVERGENT_BARRIER);
  }
}

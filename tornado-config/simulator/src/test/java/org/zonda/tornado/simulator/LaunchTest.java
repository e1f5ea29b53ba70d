package org.zonda.tornado.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid3D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

class LaunchTest {
  private static final int EVERY = DataTransferMode.EVERY_EXECUTION;
  private static final TornadoVMBackendType OPENCL = TornadoVMBackendType.OPENCL;

  static void ids(KernelContext c, IntArray y) {
    int width = c.globalGroupSizeX;
    int height = c.globalGroupSizeY;
    int at = (c.globalIdz * height + c.globalIdy) * width + c.globalIdx;
    int group = c.groupIdx * 100 + c.groupIdy * 10 + c.groupIdz;
    int local = c.localIdx * 100 + c.localIdy * 10 + c.localIdz;
    int sizes = c.localGroupSizeX * 100 + c.localGroupSizeY * 10 + c.localGroupSizeZ;
    y.set(at, (group * 1000 + local) * 1000 + sizes + c.globalGroupSizeZ * 0);
  }

  @Test
  void idsInThreeDimensions() {
    IntArray y = new IntArray(4 * 3 * 4);
    WorkerGrid grid = new WorkerGrid3D(4, 3, 4);
    grid.setLocalWork(2, 1, 4);

    Run.once(
        Run.device(OPENCL),
        new TaskGraph("g")
            .task("t", LaunchTest::ids, new KernelContext(), y)
            .transferToHost(EVERY, y),
        grid);

    for (int z = 0; z < 4; z++) {
      for (int yy = 0; yy < 3; yy++) {
        for (int x = 0; x < 4; x++) {
          int group = x / 2 * 100 + yy * 10;
          int local = x % 2 * 100 + z;
          assertThat(y.get((z * 3 + yy) * 4 + x)).isEqualTo((group * 1000 + local) * 1000 + 214);
        }
      }
    }
  }

  static void waiting(KernelContext c, FloatArray y, int size) {
    float[] part = c.allocateFloatLocalArray(size);
    part[c.localIdx] = 1f;
    c.localBarrier();
    y.set(c.globalIdx, part[c.localIdx]);
  }

  private static KernelFault refusal(int items, int group, int size) {
    FloatArray y = new FloatArray(Math.max(items, 1));
    TaskGraph graph =
        new TaskGraph("g")
            .task("t", LaunchTest::waiting, new KernelContext(), y, size)
            .transferToHost(EVERY, y);
    KernelFault fault =
        catchThrowableOfType(
            KernelFault.class, () -> Run.once(Run.device(OPENCL), graph, Run.grid(items, group)));
    if (fault != null) {
      assertThat(fault.kind()).isEqualTo(FaultKind.REFUSED_LAUNCH);
    }
    return fault;
  }

  @Test
  void gridsThatNoDeviceTakesAreRefused() {
    assertThat(refusal(10, 4, 4)).hasMessageContaining("cannot be cut into groups of [4, 1, 1]");
    assertThat(refusal(2048, 2048, 2048)).hasMessageContaining("the device allows 1024");
    assertThat(refusal(1024, 1024, 1024)).isNull();
  }

  @Test
  void localMemoryIsFinite() {
    assertThat(refusal(64, 64, 12 * 1024 + 1))
        .hasMessageContaining("49156 bytes of local memory; a group has 49152");
    assertThat(refusal(64, 64, 12 * 1024)).isNull();
  }

  @Test
  void aKernelWithAContextNeedsAGridAndWithBarriersAGroupSize() throws Exception {
    FloatArray y = new FloatArray(4);
    TaskGraph graph =
        new TaskGraph("g")
            .task("t", LaunchTest::waiting, new KernelContext(), y, 4)
            .transferToHost(EVERY, y);
    WorkerGrid open = Run.grid(4, 4);
    open.setLocalWorkToNull();

    KernelFault withoutSize =
        catchThrowableOfType(KernelFault.class, () -> Run.once(Run.device(OPENCL), graph, open));
    assertThat(withoutSize).hasMessageContaining("its worker grid no group size");
    try (TornadoExecutionPlan plan = new TornadoExecutionPlan(graph.snapshot())) {
      KernelFault withoutGrid = catchThrowableOfType(KernelFault.class, plan::execute);
      assertThat(withoutGrid).hasMessageContaining("has no worker grid for it");
    }
  }

  static void single(FloatArray y) {
    for (int i = 0; i < y.getSize(); i++) {
      y.set(i, i);
    }
  }

  @Test
  void aTaskWithoutAContextIsOneItem() throws Exception {
    FloatArray y = new FloatArray(4);
    try (TornadoExecutionPlan plan =
        new TornadoExecutionPlan(
            new TaskGraph("g")
                .task("t", LaunchTest::single, y)
                .transferToHost(EVERY, y)
                .snapshot())) {
      plan.execute();
    }
    assertThat(y.toHeapArray()).containsExactly(0, 1, 2, 3);
  }

  static void exchange(KernelContext c, FloatArray y, int rounds) {
    float value = c.localIdx + 1;
    for (int i = 0; i < rounds; i++) {
      value += c.simdShuffleDown(value, 16 >> i);
    }
    float sum = c.simdSum(c.localIdx % 32 + 1);
    float first = c.simdBroadcastFirst(c.localIdx);
    y.set(3 * c.globalIdx, value);
    y.set(3 * c.globalIdx + 1, sum);
    y.set(3 * c.globalIdx + 2, first);
  }

  @Test
  void subGroupsOfThirtyTwoExchangeValues() {
    FloatArray y = new FloatArray(3 * 64);

    Run.once(
        Run.device(TornadoVMBackendType.CUDA),
        new TaskGraph("g")
            .task("t", LaunchTest::exchange, new KernelContext(), y, 5)
            .transferToHost(EVERY, y),
        Run.grid(64, 64));

    assertThat(y.get(0)).isEqualTo(32 * 33 / 2);
    assertThat(y.get(3 * 32)).isEqualTo(32 * 33 / 2 + 32 * 32);
    for (int i = 0; i < 64; i++) {
      assertThat(y.get(3 * i + 1)).isEqualTo(32 * 33 / 2);
      assertThat(y.get(3 * i + 2)).isEqualTo(i / 32 * 32);
    }
  }

  static void someExchange(KernelContext c, FloatArray y, int lanes) {
    float sum = 0f;
    if (c.localIdx < lanes) {
      sum = c.simdSum(1f);
    }
    y.set(c.globalIdx, sum);
  }

  private static KernelFault someExchange(int items, int lanes) {
    FloatArray y = new FloatArray(items);
    return Run.fault(
        TornadoVMBackendType.CUDA,
        new TaskGraph("g")
            .task("t", LaunchTest::someExchange, new KernelContext(), y, lanes)
            .transferToHost(EVERY, y),
        items,
        items);
  }

  @Test
  void anExchangeIsForTheWholeSubGroup() {
    assertThat(someExchange(64, 40).kind()).isEqualTo(FaultKind.DIVERGENT_BARRIER);
    assertThat(someExchange(64, 40)).hasMessageContaining("waits for its sub-group at simdSum");
    // A whole sub-group may stay away.
    assertThat(someExchange(64, 32)).isNull();
    assertThat(someExchange(48, 48).kind()).isEqualTo(FaultKind.REFUSED_LAUNCH);
  }

  static void scatter(KernelContext c, FloatArray y) {
    c.atomicAdd(y, c.globalIdx % 3, 1f / (c.globalIdx + 1));
  }

  @Test
  void resultsAreTheSameEachTime() {
    float[][] results = new float[2][];
    for (int i = 0; i < 2; i++) {
      FloatArray y = new FloatArray(3);
      Run.once(
          Run.device(TornadoVMBackendType.CUDA),
          new TaskGraph("g")
              .transferToDevice(EVERY, y)
              .task("t", LaunchTest::scatter, new KernelContext(), y)
              .transferToHost(EVERY, y),
          Run.grid(3000, 30));
      results[i] = y.toHeapArray();
    }
    assertThat(results[0]).isEqualTo(results[1]).doesNotContain(0f);
  }

  @Test
  void withoutChecksKernelsStillRunAndBoundsStillHold() {
    SimulatedDevice unchecked =
        new SimulatedDevice(new Settings(OPENCL, 1 << 20, 1 << 14, 64, false, 0));
    FloatArray y = new FloatArray(8);
    TaskGraph graph =
        new TaskGraph("g")
            .task("t", LaunchTest::waiting, new KernelContext(), y, 4)
            .transferToHost(EVERY, y);

    Run.once(unchecked, graph, Run.grid(8, 4));

    assertThat(y.toHeapArray()).containsOnly(1f);
    KernelFault fault =
        catchThrowableOfType(KernelFault.class, () -> Run.once(unchecked, graph, Run.grid(8, 8)));
    assertThat(fault.kind()).isEqualTo(FaultKind.OUT_OF_BOUNDS);
  }
}

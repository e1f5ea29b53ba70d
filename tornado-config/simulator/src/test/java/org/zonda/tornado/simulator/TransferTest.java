package org.zonda.tornado.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.DataRange;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.TornadoExecutionResult;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.enums.ProfilerMode;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.api.exceptions.TornadoBailoutRuntimeException;
import uk.ac.manchester.tornado.api.exceptions.TornadoOutOfMemoryException;
import uk.ac.manchester.tornado.api.exceptions.TornadoRuntimeException;
import uk.ac.manchester.tornado.api.exceptions.TornadoTaskRuntimeException;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

class TransferTest {
  private static final int FIRST = DataTransferMode.FIRST_EXECUTION;
  private static final int EVERY = DataTransferMode.EVERY_EXECUTION;
  private static final int DEMAND = DataTransferMode.UNDER_DEMAND;
  private static final int SIZE = 4;

  static void add(KernelContext c, FloatArray x, FloatArray y) {
    y.set(c.globalIdx, y.get(c.globalIdx) + x.get(c.globalIdx));
  }

  static void addToFirst(KernelContext c, FloatArray y, FloatArray x) {
    y.set(c.globalIdx, y.get(c.globalIdx) + x.get(c.globalIdx));
  }

  static void copy(KernelContext c, FloatArray x, FloatArray y) {
    y.set(c.globalIdx, x.get(c.globalIdx));
  }

  static void fill(KernelContext c, FloatArray y, float value) {
    y.set(c.globalIdx, value);
  }

  static void fillSome(KernelContext c, FloatArray y, float value, int size) {
    if (c.globalIdx < size) {
      y.set(c.globalIdx, value);
    }
  }

  /** Writes the scratch array in its first run only. */
  static void fillOnce(KernelContext c, FloatArray runs, FloatArray scratch) {
    if (runs.get(c.globalIdx) == 0f) {
      scratch.set(c.globalIdx, 1f);
    }
    runs.set(c.globalIdx, runs.get(c.globalIdx) + scratch.get(c.globalIdx));
  }

  private static FloatArray array(float value) {
    FloatArray array = new FloatArray(SIZE);
    array.init(value);
    return array;
  }

  private static GridScheduler grids(String... tasks) {
    GridScheduler grids = new GridScheduler();
    for (String task : tasks) {
      grids.addWorkerGrid(task, Run.grid(SIZE, SIZE));
    }
    return grids;
  }

  private static TornadoExecutionPlan plan(TaskGraph... graphs) {
    ImmutableTaskGraph[] snapshots = new ImmutableTaskGraph[graphs.length];
    GridScheduler grids = new GridScheduler();
    for (int i = 0; i < graphs.length; i++) {
      snapshots[i] = graphs[i].snapshot();
      grids.addWorkerGrid(graphs[i].getTaskGraphName() + ".t", Run.grid(SIZE, SIZE));
    }
    return new TornadoExecutionPlan(snapshots).withGridScheduler(grids);
  }

  @Test
  void whatIsCopiedInOnceDoesNotFollowTheHost() throws Exception {
    FloatArray once = array(1);
    FloatArray always = array(10);
    FloatArray sum = array(0);
    try (TornadoExecutionPlan plan =
        plan(
            new TaskGraph("g")
                .transferToDevice(FIRST, once, sum)
                .transferToDevice(EVERY, always)
                .task("t", TransferTest::add, new KernelContext(), once, sum)
                .task("u", TransferTest::add, new KernelContext(), always, sum)
                .transferToHost(EVERY, sum))) {
      plan.withGridScheduler(grids("g.t", "g.u"));
      plan.execute();
      assertThat(sum.get(0)).isEqualTo(11);

      once.init(5);
      always.init(100);
      sum.init(0);
      plan.execute();
      // 1 and 100 added to what the device still had.
      assertThat(sum.get(0)).isEqualTo(112);
    }
  }

  @Test
  void onDemandNothingMovesUntilAskedFor() throws Exception {
    FloatArray x = array(3);
    FloatArray y = array(0);
    try (TornadoExecutionPlan plan =
        plan(
            new TaskGraph("g")
                .transferToDevice(EVERY, x)
                .task("t", TransferTest::copy, new KernelContext(), x, y)
                .transferToHost(DEMAND, y))) {
      TornadoExecutionResult result = plan.execute();
      assertThat(y.toHeapArray()).containsOnly(0);

      result.transferToHost(y);
      assertThat(y.toHeapArray()).containsOnly(3);

      y.init(0);
      result.transferToHost(new DataRange(y).withOffset(1).withSize(2));
      assertThat(y.toHeapArray()).containsExactly(0, 3, 3, 0);
      result.transferToHost(new DataRange(y));
      assertThat(y.toHeapArray()).containsOnly(3);
      assertThatThrownBy(() -> result.transferToHost(y))
          .isInstanceOf(TornadoRuntimeException.class)
          .hasMessageContaining("as a whole after a part of it was fetched");
      assertThatThrownBy(() -> result.transferToHost(array(0)))
          .isInstanceOf(TornadoRuntimeException.class)
          .hasMessageContaining("the selected graphs (g) do not hold");
      assertThatThrownBy(() -> result.transferToHost(new DataRange(y).withOffset(3).withSize(2)))
          .isInstanceOf(TornadoRuntimeException.class)
          .hasMessageContaining("does not lie within");
    }
  }

  @Test
  void whatIsNotCopiedInIsPoison() {
    FloatArray x = array(3);
    FloatArray y = array(0);

    KernelFault fault =
        Run.fault(
            new TaskGraph("g")
                .persistOnDevice(x)
                .task("t", TransferTest::copy, new KernelContext(), x, y)
                .transferToHost(EVERY, y),
            SIZE,
            SIZE);

    assertThat(fault.kind()).isEqualTo(FaultKind.UNWRITTEN_READ);
    assertThat(fault).hasMessageContaining("read of x[0]");
  }

  @Test
  void copyingInUnderDemandOnlyAllocates() {
    FloatArray x = array(3);
    FloatArray y = array(0);

    KernelFault fault =
        Run.fault(
            new TaskGraph("g")
                .transferToDevice(DEMAND, x)
                .task("t", TransferTest::copy, new KernelContext(), x, y)
                .transferToHost(EVERY, y),
            SIZE,
            SIZE);

    assertThat(fault.kind()).isEqualTo(FaultKind.UNWRITTEN_READ);
  }

  @Test
  void poisonReachesTheHostWhereNothingWasWritten() {
    FloatArray y = array(7);

    Run.once(
        new TaskGraph("g")
            .task("t", TransferTest::fillSome, new KernelContext(), y, 1f, 2)
            .transferToHost(EVERY, y),
        SIZE,
        SIZE);

    assertThat(y.get(1)).isEqualTo(1f);
    assertThat(y.get(2)).isNaN();
  }

  @Test
  void whatIsOnlyWrittenIsNotCopiedInAsWithTornadoVM() {
    FloatArray partly = array(7);
    FloatArray guarded = array(7);

    Run.once(
        new TaskGraph("g")
            .transferToDevice(EVERY, partly)
            .task("t", TransferTest::fill, new KernelContext(), partly, 1f)
            .transferToHost(EVERY, partly),
        2,
        2);
    Run.once(
        new TaskGraph("g")
            .transferToDevice(EVERY, guarded)
            .task("t", TransferTest::fillSome, new KernelContext(), guarded, 1f, 2)
            .transferToHost(EVERY, guarded),
        SIZE,
        SIZE);

    assertThat(partly.get(1)).isEqualTo(1f);
    assertThat(partly.get(2)).isNaN();
    assertThat(guarded.toHeapArray()).containsExactly(1, 1, 7, 7);
  }

  @Test
  void arraysOfNoTransferServeOneExecution() throws Exception {
    FloatArray x = array(3);
    FloatArray scratch = array(0);
    FloatArray y = array(0);
    FloatArray only = array(0);
    TaskGraph good =
        new TaskGraph("g")
            .transferToDevice(EVERY, x)
            .task("t", TransferTest::copy, new KernelContext(), x, scratch)
            .task("u", TransferTest::copy, new KernelContext(), scratch, y)
            .transferToHost(EVERY, y);
    TaskGraph bad =
        new TaskGraph("g")
            .transferToDevice(EVERY, only)
            .task("t", TransferTest::fillOnce, new KernelContext(), only, scratch)
            .transferToHost(EVERY, only);

    try (TornadoExecutionPlan plan = plan(good)) {
      plan.withGridScheduler(grids("g.t", "g.u")).execute();
      plan.execute();
    }
    assertThat(y.toHeapArray()).containsOnly(3);
    try (TornadoExecutionPlan plan = plan(bad)) {
      plan.execute();
      assertThat(only.get(0)).isEqualTo(1);
      KernelFault fault = catchThrowableOfType(KernelFault.class, plan::execute);
      assertThat(fault.kind()).isEqualTo(FaultKind.UNWRITTEN_READ);
      assertThat(fault).hasMessageContaining("read of scratch[0]");
    }
  }

  @Test
  void copyingOutWhatNoTaskWritesIsRefused() {
    FloatArray x = array(3);
    FloatArray y = array(0);

    assertThatThrownBy(
            () ->
                Run.once(
                    new TaskGraph("g")
                        .transferToDevice(EVERY, x)
                        .task("t", TransferTest::copy, new KernelContext(), x, y)
                        .transferToHost(EVERY, x, y),
                    SIZE,
                    SIZE))
        .isInstanceOf(TornadoRuntimeException.class)
        .hasMessageContaining("the array x of task g.t");
  }

  private static TaskGraph producer(FloatArray shared, float value) {
    return new TaskGraph("a")
        .task("t", TransferTest::fill, new KernelContext(), shared, value)
        .persistOnDevice(shared);
  }

  private static TaskGraph consumer(String name, String source, FloatArray shared, FloatArray y) {
    return new TaskGraph(name)
        .consumeFromDevice(source, shared)
        .task("t", TransferTest::copy, new KernelContext(), shared, y)
        .persistOnDevice(shared)
        .transferToHost(EVERY, y);
  }

  @Test
  void graphsShareWhatOneLeavesAndTheNextConsumes() throws Exception {
    FloatArray shared = array(0);
    FloatArray y = array(0);
    FloatArray z = array(0);
    try (TornadoExecutionPlan plan =
        plan(producer(shared, 4), consumer("b", "a", shared, y), consumer("c", "b", shared, z))) {
      plan.withGraph(0).execute();
      plan.withGraph(1).execute();
      plan.withGraph(2).execute();
      // Again without the producer.
      plan.withGraph(1).execute();
    }
    assertThat(y.toHeapArray()).containsOnly(4);
    assertThat(z.toHeapArray()).containsOnly(4);
    assertThat(shared.toHeapArray()).containsOnly(0);
  }

  @Test
  void consumingBeforeTheSourceHasRunIsRefused() throws Exception {
    FloatArray shared = array(0);
    FloatArray y = array(0);
    try (TornadoExecutionPlan plan = plan(producer(shared, 4), consumer("b", "a", shared, y))) {
      assertThatThrownBy(() -> plan.withGraph(1).execute())
          .isInstanceOf(TornadoRuntimeException.class)
          .hasMessageContaining("graph b consumes the array x of task b.t")
          .hasMessageContaining("no graph that keeps it on the device was executed just before");
      // In one execution the graphs do not see one another either.
      assertThatThrownBy(() -> plan.withAllGraphs().execute())
          .isInstanceOf(TornadoRuntimeException.class);
    }
  }

  @Test
  void consumingFromAnotherThanTheGraphJustBeforeIsRefused() throws Exception {
    FloatArray shared = array(0);
    FloatArray other = array(0);
    FloatArray y = array(0);
    TaskGraph between =
        new TaskGraph("between")
            .task("t", TransferTest::fill, new KernelContext(), other, 1f)
            .transferToHost(EVERY, other);
    try (TornadoExecutionPlan plan =
        plan(producer(shared, 4), between, consumer("b", "a", shared, y))) {
      plan.withGraph(0).execute();
      plan.withGraph(1).execute();
      assertThatThrownBy(() -> plan.withGraph(2).execute())
          .isInstanceOf(TornadoRuntimeException.class)
          .hasMessageContaining("graph between, executed just before, does not keep it");
    }
  }

  @Test
  void whatIsNotPersistedCannotBeConsumed() throws Exception {
    FloatArray shared = array(0);
    FloatArray y = array(0);
    TaskGraph leaves =
        new TaskGraph("a")
            .task("t", TransferTest::fill, new KernelContext(), shared, 4f)
            .transferToHost(EVERY, shared);
    try (TornadoExecutionPlan plan = plan(leaves, consumer("b", "a", shared, y))) {
      plan.withGraph(0).execute();
      assertThatThrownBy(() -> plan.withGraph(1).execute())
          .isInstanceOf(TornadoRuntimeException.class)
          .hasMessageContaining("does not keep it on the device");
    }
  }

  @Test
  void twoGraphsHaveTheirOwnCopies() throws Exception {
    FloatArray x = array(1);
    FloatArray y = array(0);
    TaskGraph a =
        new TaskGraph("a")
            .transferToDevice(FIRST, x, y)
            .task("t", TransferTest::add, new KernelContext(), x, y)
            .transferToHost(EVERY, y);
    TaskGraph b =
        new TaskGraph("b")
            .transferToDevice(FIRST, x, y)
            .task("t", TransferTest::add, new KernelContext(), x, y)
            .transferToHost(DEMAND, y);
    try (TornadoExecutionPlan plan = plan(a, b)) {
      plan.withGraph(0).execute();
      x.init(10);
      plan.withGraph(1).execute().transferToHost(y);
      assertThat(y.get(0)).isEqualTo(11);
      plan.withGraph(0).execute();
      assertThat(y.get(0)).isEqualTo(2);
    }
  }

  @Test
  void freedMemoryIsGone() throws Exception {
    FloatArray shared = array(0);
    FloatArray y = array(0);
    try (TornadoExecutionPlan plan = plan(producer(shared, 4), consumer("b", "a", shared, y))) {
      plan.withGraph(0).execute();
      assertThat(plan.getCurrentDeviceMemoryUsage()).isEqualTo(16 + 4 * SIZE);
      plan.withGraph(1).execute();
      plan.withGraph(0).freeDeviceMemory();
      assertThat(plan.getCurrentDeviceMemoryUsage()).isZero();
      assertThatThrownBy(() -> plan.withGraph(1).execute())
          .isInstanceOf(TornadoRuntimeException.class)
          .hasMessageContaining("has been freed");
    }
  }

  @Test
  void theDevicesMemoryIsFinite() throws Exception {
    SimulatedDevice small =
        new SimulatedDevice(new Settings(TornadoVMBackendType.OPENCL, 80, 1024, 64, true, 0));
    FloatArray x = array(1);
    FloatArray y = array(0);
    TaskGraph graph =
        new TaskGraph("g")
            .transferToDevice(EVERY, x)
            .task("t", TransferTest::copy, new KernelContext(), x, y)
            .transferToHost(EVERY, y);
    FloatArray big = new FloatArray(64);
    TaskGraph tooBig =
        new TaskGraph("g")
            .task("t", TransferTest::fill, new KernelContext(), big, 1f)
            .transferToHost(EVERY, big);

    // 64 bytes each time, given back at the end.
    Run.once(small, graph, Run.grid(SIZE, SIZE));
    Run.once(small, graph, Run.grid(SIZE, SIZE));

    assertThat(y.get(0)).isEqualTo(1);
    assertThatThrownBy(() -> Run.once(small, tooBig, Run.grid(SIZE, SIZE)))
        .isInstanceOf(TornadoOutOfMemoryException.class)
        .hasMessageContaining("no room for 272 bytes");
    try (TornadoExecutionPlan plan = plan(graph)) {
      plan.withMemoryLimit("1KB").execute();
    }
    try (TornadoExecutionPlan plan = plan(tooBig)) {
      plan.withMemoryLimit("1KB").execute();
      assertThat(big.get(0)).isEqualTo(1);
    }
    FloatArray bigger = new FloatArray(256);
    try (TornadoExecutionPlan plan =
        plan(
            new TaskGraph("g")
                .task("t", TransferTest::fill, new KernelContext(), bigger, 1f)
                .transferToHost(EVERY, bigger))) {
      assertThatThrownBy(() -> plan.withMemoryLimit("1KB").execute())
          .isInstanceOf(TornadoOutOfMemoryException.class)
          .hasMessageContaining("the plan's limit of 1024 bytes");
    }
  }

  @Test
  void anArrayGivenTwiceIsWrittenInTheLastPlace() {
    FloatArray x = array(3);

    Run.once(
        new TaskGraph("g")
            .transferToDevice(EVERY, x)
            .task("t", TransferTest::add, new KernelContext(), x, x)
            .transferToHost(EVERY, x),
        SIZE,
        SIZE);

    assertThat(x.toHeapArray()).containsOnly(6);
    assertThatThrownBy(
            () ->
                Run.once(
                    new TaskGraph("g")
                        .transferToDevice(EVERY, x)
                        .task("t", TransferTest::addToFirst, new KernelContext(), x, x)
                        .transferToHost(EVERY, x),
                    SIZE,
                    SIZE))
        .isInstanceOf(TornadoTaskRuntimeException.class)
        .hasMessageContaining("task g.t, argument 2 (y)")
        .hasMessageContaining("given again as argument 3");
  }

  @Test
  void misuseIsNamed() {
    FloatArray y = array(0);
    TaskGraph graph = new TaskGraph("g").task("t", TransferTest::fill, new KernelContext(), y, 2f);

    assertThatThrownBy(() -> graph.task("t", TransferTest::fill, new KernelContext(), y, 2f))
        .hasMessageContaining("task graph g already has a task named t");
    assertThatThrownBy(() -> graph.transferToDevice(7, y)).hasMessageContaining("transfer mode 7");
    assertThatThrownBy(() -> graph.transferToHost(EVERY, y, null))
        .isInstanceOf(TornadoRuntimeException.class)
        .hasMessage("task graph g: object copied out, number 2, is null");
  }

  @Test
  void graphsOfLaunchesNeedCuda() throws Exception {
    FloatArray y = array(0);
    TaskGraph graph =
        new TaskGraph("g")
            .task("t", TransferTest::fill, new KernelContext(), y, 2f)
            .transferToHost(EVERY, y);
    try (TornadoExecutionPlan plan = plan(graph)) {
      assertThatThrownBy(
              () ->
                  plan.withDevice(Run.device(TornadoVMBackendType.OPENCL))
                      .withCUDAGraph()
                      .execute())
          .isInstanceOf(TornadoBailoutRuntimeException.class);
      plan.withDevice(Run.device(TornadoVMBackendType.CUDA)).execute();
    }
    assertThat(y.get(0)).isEqualTo(2);
  }

  @Test
  void timesAndBytesAreCounted() throws Exception {
    FloatArray x = array(1);
    FloatArray y = array(0);
    try (TornadoExecutionPlan plan =
        plan(
            new TaskGraph("g")
                .transferToDevice(EVERY, x)
                .task("t", TransferTest::copy, new KernelContext(), x, y)
                .transferToHost(EVERY, y))) {
      var profile = plan.withProfiler(ProfilerMode.SILENT).execute().getProfilerResult();
      assertThat(profile.getTotalBytesCopyIn()).isEqualTo(4 * SIZE);
      assertThat(profile.getTotalBytesTransferred()).isEqualTo(8 * SIZE);
      assertThat(profile.getDeviceKernelTime()).isPositive();
      assertThat(profile.getTotalTime()).isGreaterThan(profile.getDeviceKernelTime());
      assertThat(profile.getProfileLog()).contains("g.t");
    }
  }
}

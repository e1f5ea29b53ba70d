package org.zonda.tornado.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

class ReductionTest {

  static void sum(KernelContext c, FloatArray x, FloatArray y, int size) {
    float[] part = c.allocateFloatLocalArray(64);
    int lane = c.localIdx;
    part[lane] = c.globalIdx < size ? x.get(c.globalIdx) : 0f;
    c.localBarrier();
    for (int step = c.localGroupSizeX / 2; step > 0; step = step / 2) {
      if (lane < step) {
        part[lane] += part[lane + step];
      }
      c.localBarrier();
    }
    if (lane == 0) {
      y.set(c.groupIdx, part[0]);
    }
  }

  @Test
  void addsUpEachGroup() throws Exception {
    FloatArray x = new FloatArray(250);
    x.init(1f);
    FloatArray y = new FloatArray(4);
    TaskGraph graph =
        new TaskGraph("g")
            .transferToDevice(DataTransferMode.EVERY_EXECUTION, x)
            .task("sum", ReductionTest::sum, new KernelContext(), x, y, 250)
            .transferToHost(DataTransferMode.EVERY_EXECUTION, y);
    WorkerGrid grid = new WorkerGrid1D(256);
    grid.setLocalWork(64, 1, 1);
    try (TornadoExecutionPlan plan = new TornadoExecutionPlan(graph.snapshot())) {
      plan.withGridScheduler(new GridScheduler("g.sum", grid)).execute();
    }
    assertThat(y.toHeapArray()).containsExactly(64f, 64f, 64f, 58f);
  }
}

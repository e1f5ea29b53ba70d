package org.zonda.tornado.simulator;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;

/** Runs graphs of one task named {@code t}. */
final class Run {
  private Run() {}

  static SimulatedDevice device(TornadoVMBackendType backend) {
    return new SimulatedDevice(new Settings(backend, 1 << 30, 48 << 10, 1024, true, 1));
  }

  static WorkerGrid grid(int items, int group) {
    WorkerGrid grid = new WorkerGrid1D(items);
    grid.setLocalWork(group, 1, 1);
    return grid;
  }

  /** Executes a graph once. */
  static void once(SimulatedDevice device, TaskGraph graph, WorkerGrid grid) {
    try (TornadoExecutionPlan plan = new TornadoExecutionPlan(graph.snapshot())) {
      plan.withDevice(device)
          .withGridScheduler(new GridScheduler(graph.getTaskGraphName() + ".t", grid))
          .execute();
    } catch (TornadoExecutionPlanException e) {
      throw new AssertionError(e);
    }
  }

  static void once(TaskGraph graph, int items, int group) {
    once(device(TornadoVMBackendType.OPENCL), graph, grid(items, group));
  }

  /** The fault that executing a graph ends in. */
  static KernelFault fault(TaskGraph graph, int items, int group) {
    return catchThrowableOfType(KernelFault.class, () -> once(graph, items, group));
  }

  static KernelFault fault(TornadoVMBackendType backend, TaskGraph graph, int items, int group) {
    return catchThrowableOfType(
        KernelFault.class, () -> once(device(backend), graph, grid(items, group)));
  }
}

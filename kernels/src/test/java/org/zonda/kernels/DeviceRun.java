package org.zonda.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid2D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;

/**
 * One execution of kernels on the device that is there: the simulator, or TornadoVM's own. Arrays
 * that are named neither as inputs nor as outputs live on the device alone.
 */
final class DeviceRun {

  /** The context that all kernels are given. */
  final KernelContext context = new KernelContext();

  private static int runs;

  private final String name = "run" + runs++;
  private final GridScheduler scheduler = new GridScheduler();
  private TaskGraph graph = new TaskGraph(name);
  private final List<Object> outputs = new ArrayList<>();

  /** Arrays that are copied to the device. */
  DeviceRun in(Object... arrays) {
    graph = graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, arrays);
    return this;
  }

  /**
   * A kernel.
   *
   * @param id its name in the graph
   * @param groups groups in x
   * @param items work-items of each
   * @param rows the grid's y, one group each
   * @param task adds it to the graph
   */
  DeviceRun task(String id, int groups, int items, int rows, UnaryOperator<TaskGraph> task) {
    WorkerGrid grid = new WorkerGrid2D(groups * items, rows);
    grid.setLocalWork(items, 1, 1);
    scheduler.addWorkerGrid(name + "." + id, grid);
    graph = task.apply(graph);
    return this;
  }

  /** A kernel with one work-item an element and row: whole groups of 64 that cover the width. */
  DeviceRun elements(String id, int width, int rows, UnaryOperator<TaskGraph> task) {
    return task(id, (width + 63) / 64, 64, rows, task);
  }

  /** Arrays that are copied back. */
  DeviceRun out(Object... arrays) {
    outputs.addAll(List.of(arrays));
    return this;
  }

  void run() {
    graph = graph.transferToHost(DataTransferMode.EVERY_EXECUTION, outputs.toArray());
    try (TornadoExecutionPlan plan = new TornadoExecutionPlan(graph.snapshot())) {
      plan.withGridScheduler(scheduler).execute();
    } catch (TornadoExecutionPlanException e) {
      throw new IllegalStateException(e);
    }
  }
}

package org.zonda.runtime.tornado;

import java.util.ArrayList;
import java.util.List;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** A task graph of a {@link DeviceProgram}: launches that follow each other without the host. */
final class DeviceGraph {

  final String name;
  final TaskList tasks;

  /** Copied to the device before each execution. */
  final List<TornadoNativeArray> sent;

  /** Captured by the driver when it runs first, with that run's grids, and replayed later. */
  final boolean captured;

  private final List<WorkerGrid> grids = new ArrayList<>();
  private PassSize size;

  /** Whether it ran already, and so has found the resident arrays. */
  boolean linked;

  DeviceGraph(
      String name, TaskList tasks, List<? extends TornadoNativeArray> sent, boolean captured) {
    this.name = name;
    this.tasks = tasks;
    this.sent = List.copyOf(sent);
    this.captured = captured;
  }

  /** Tells the scheduler the sizes of the launches, which {@link #fit} changes from then on. */
  void register(GridScheduler scheduler) {
    size = new PassSize(1, 1);
    for (TaskList.Launch launch : tasks.launches()) {
      WorkerGrid workers = launch.grid().workers(size);
      grids.add(workers);
      scheduler.addWorkerGrid(name + "." + launch.name(), workers);
    }
  }

  /** Fits the launches to a pass. */
  void fit(PassSize pass) {
    if (!pass.equals(size)) {
      size = pass;
      for (int i = 0; i < grids.size(); i++) {
        tasks.launches().get(i).grid().resize(grids.get(i), pass);
      }
    }
  }
}

package org.zonda.tornado.simulator;

import java.util.List;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.common.TornadoDevice;

/** Executes graphs. */
public final class Plan {
  private final List<Graph> graphs;
  private List<Graph> selected;
  private GridScheduler grids = new GridScheduler();

  /** A plan of graphs. */
  public Plan(List<Graph> graphs) {
    this.graphs = graphs;
    this.selected = graphs;
  }

  /** Executes the selected graphs. */
  public void execute() {
    for (Graph graph : selected) {
      for (Graph.Task task : graph.tasks()) {
        WorkerGrid grid = grids.get(graph.name() + "." + task.id());
        Interim.launch(task, grid == null ? new WorkerGrid1D(1) : grid);
      }
    }
  }

  /** Selects a graph. */
  public void select(int index) {
    selected = List.of(graphs.get(index));
  }

  /** Selects all graphs. */
  public void selectAll() {
    selected = graphs;
  }

  public void compile() {}

  public void setDevice(TornadoDevice device) {}

  public TornadoDevice device() {
    return SimulatedRuntime.INSTANCE.getDefaultDevice();
  }

  public void freeDeviceMemory() {}

  public void setGrids(GridScheduler grids) {
    this.grids = grids;
  }

  public void setProfiling(boolean on) {}

  public void setMemoryLimit(String limit) {}

  public void reset() {}

  public void clearProfiles() {}

  public void setThreadInfo(boolean on) {}

  public void setPrintKernel(boolean on) {}

  public void withCudaGraph() {}

  public void fetch(Object... arrays) {}

  public void fetch(Object array, long offset, long bytes) {}

  public long deviceMemoryUsage() {
    return 0;
  }

  public Profile profile() {
    return Profile.NONE;
  }

  public void close() {}
}

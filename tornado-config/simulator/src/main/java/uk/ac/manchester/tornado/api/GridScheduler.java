package uk.ac.manchester.tornado.api;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.concurrent.ConcurrentHashMap;

/** The worker grids of a plan's tasks, by the task's full name: graph, a dot, task. */
public class GridScheduler {
  private final Map<String, WorkerGrid> grids = new ConcurrentHashMap<>();

  /** A scheduler that knows no task yet. */
  public GridScheduler() {}

  /** A scheduler that knows one task. */
  public GridScheduler(String taskName, WorkerGrid workerGrid) {
    grids.put(taskName, workerGrid);
  }

  /** Gives a task its grid. */
  public void addWorkerGrid(String taskName, WorkerGrid workerGrid) {
    grids.put(taskName, workerGrid);
  }

  /** The grid of a task, or null. */
  public WorkerGrid get(String taskName) {
    return grids.get(taskName);
  }

  /** Whether a task of a graph has a grid. */
  public boolean contains(String taskScheduleName, String taskName) {
    return grids.containsKey(taskScheduleName + "." + taskName);
  }

  /** The full names of the tasks that have a grid. */
  public Set<String> keySet() {
    return grids.keySet();
  }

  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(", ");
    grids.forEach(
        (task, grid) ->
            text.add(
                task
                    + " "
                    + Arrays.toString(grid.getGlobalWork())
                    + " in groups of "
                    + Arrays.toString(grid.getLocalWork())));
    return text.toString();
  }
}

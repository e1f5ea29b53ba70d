package org.zonda.runtime.tornado;

import java.util.ArrayList;
import java.util.List;
import uk.ac.manchester.tornado.api.TaskGraph;

/** The kernel launches of a graph, in their order. */
final class TaskList {

  /** Adds a launch to a graph, under a name that no other of the graph has. */
  @FunctionalInterface
  interface Task {
    void addTo(TaskGraph graph, String name);
  }

  /** One launch. */
  record Launch(String name, Grid grid, Task task) {}

  private final List<Launch> launches = new ArrayList<>();

  /**
   * Adds a launch.
   *
   * @param what it computes, for messages; it becomes a part of the task's name
   * @param grid its size
   * @param task the kernel with its arguments
   */
  void add(String what, Grid grid, Task task) {
    launches.add(new Launch(what + "_" + launches.size(), grid, task));
  }

  List<Launch> launches() {
    return launches;
  }
}

package org.zonda.runtime.tornado;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.zonda.runtime.backend.MeasuredStep;
import uk.ac.manchester.tornado.api.TaskGraph;

/** The kernel launches of a graph, in their order. */
final class TaskList {

  /** Adds a launch to a graph, under a name that no other of the graph has. */
  @FunctionalInterface
  interface Task {
    void addTo(TaskGraph graph, String name);
  }

  /**
   * What launches compute together, for whoever wants to know how long it takes.
   *
   * @param layers the same step of each layer of a group
   * @param slot the layer within an execution
   */
  record Work(List<MeasuredStep> layers, int slot) {

    /** The step of an execution that begins at a layer. */
    MeasuredStep of(int layer) {
      return layers.get(layer + slot);
    }
  }

  /** One launch; what it computes is empty for one that only moves cursors and the like. */
  record Launch(String name, Grid grid, Task task, Optional<Work> work) {}

  private final List<Launch> launches = new ArrayList<>();

  private Optional<Work> work = Optional.empty();

  /**
   * Adds a launch.
   *
   * @param what it computes, for messages; it becomes a part of the task's name
   * @param grid its size
   * @param task the kernel with its arguments
   */
  void add(String what, Grid grid, Task task) {
    launches.add(new Launch(what + "_" + launches.size(), grid, task, work));
  }

  /** Says what the launches that are added from now on compute. */
  void compute(Work next) {
    work = Optional.of(next);
  }

  /** Says that the launches that are added from now on compute nothing of the model. */
  void control() {
    work = Optional.empty();
  }

  List<Launch> launches() {
    return launches;
  }
}

package org.zonda.tornado.simulator;

import java.util.List;

/**
 * A task graph as it was declared.
 *
 * @param name unique within a plan
 * @param tasks in the order in which they run
 * @param copiesIn arrays copied to the device before the first task
 * @param copiesOut arrays copied to the host after the last task
 * @param persisted arrays left on the device for other graphs
 * @param consumed arrays that another graph has left on the device
 */
public record Graph(
    String name,
    List<Task> tasks,
    List<Copy> copiesIn,
    List<Copy> copiesOut,
    List<Object> persisted,
    List<Consumption> consumed) {

  /** A kernel and its arguments; {@code code} is a serializable method reference. */
  record Task(String id, Object code, List<Object> arguments) {}

  /** An array and when it is copied: a constant of {@code DataTransferMode}. */
  record Copy(int mode, Object array) {}

  /** An array and the name of the graph that leaves it on the device, or null for any. */
  record Consumption(String source, Object array) {}
}

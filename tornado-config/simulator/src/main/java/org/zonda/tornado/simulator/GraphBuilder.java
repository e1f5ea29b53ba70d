package org.zonda.tornado.simulator;

import java.util.ArrayList;
import java.util.List;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoRuntimeException;
import uk.ac.manchester.tornado.api.exceptions.TornadoTaskRuntimeException;

/** Collects the declarations of a task graph. */
public final class GraphBuilder {
  private final String name;
  private final List<Graph.Task> tasks = new ArrayList<>();
  private final List<Graph.Copy> copiesIn = new ArrayList<>();
  private final List<Graph.Copy> copiesOut = new ArrayList<>();
  private final List<Object> persisted = new ArrayList<>();
  private final List<Graph.Consumption> consumed = new ArrayList<>();

  /** A graph without tasks. */
  public GraphBuilder(String name) {
    this.name = name;
  }

  /** The graph's name. */
  public String name() {
    return name;
  }

  /** Adds a task. */
  public void task(String id, Object code, Object[] arguments) {
    for (Graph.Task task : tasks) {
      if (task.id().equals(id)) {
        throw new TornadoTaskRuntimeException(
            "task graph " + name + " already has a task named " + id);
      }
    }
    checkThere(arguments, "argument of task " + id);
    tasks.add(new Graph.Task(id, code, List.of(arguments)));
  }

  /** Declares a copy to the device. */
  public void transferToDevice(int mode, Object[] arrays) {
    checkThere(arrays, "object copied in");
    for (Object array : arrays) {
      copiesIn.add(new Graph.Copy(checked(mode), array));
    }
  }

  /** Declares a copy to the host. */
  public void transferToHost(int mode, Object[] arrays) {
    checkThere(arrays, "object copied out");
    for (Object array : arrays) {
      copiesOut.add(new Graph.Copy(checked(mode), array));
    }
  }

  /** Declares arrays that stay on the device. */
  public void persistOnDevice(Object[] arrays) {
    checkThere(arrays, "object persisted");
    persisted.addAll(List.of(arrays));
  }

  /** Declares arrays that another graph leaves on the device. */
  public void consumeFromDevice(String source, Object[] arrays) {
    checkThere(arrays, "object consumed");
    for (Object array : arrays) {
      consumed.add(new Graph.Consumption(source, array));
    }
  }

  /** The graph declared so far. */
  public Graph build() {
    return new Graph(
        name,
        List.copyOf(tasks),
        List.copyOf(copiesIn),
        List.copyOf(copiesOut),
        List.copyOf(persisted),
        List.copyOf(consumed));
  }

  private void checkThere(Object[] objects, String what) {
    for (int i = 0; i < objects.length; i++) {
      if (objects[i] == null) {
        throw new TornadoRuntimeException(
            "task graph " + name + ": " + what + ", number " + (i + 1) + ", is null");
      }
    }
  }

  private int checked(int mode) {
    if (mode < DataTransferMode.FIRST_EXECUTION || mode > DataTransferMode.UNDER_DEMAND) {
      throw new TornadoRuntimeException(
          "task graph " + name + ": transfer mode " + mode + " is none of DataTransferMode's");
    }
    return mode;
  }
}

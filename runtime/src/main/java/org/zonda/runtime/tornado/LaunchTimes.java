package org.zonda.runtime.tornado;

import java.util.ArrayList;
import java.util.List;
import org.zonda.runtime.backend.Chunk;
import org.zonda.runtime.backend.MeasuredStep;
import org.zonda.runtime.backend.OperationRecorder;
import org.zonda.runtime.backend.OperationStep;

/**
 * Tells whoever listens how long the steps of a pass took on a device. TornadoVM's profiler has a
 * log for each graph, to which every execution appends the times of its kernels; those of one step
 * are added up. Where it tells no times, as of a graph that the driver captured, the whole graph's
 * by the host's clock are all there is.
 */
final class LaunchTimes {

  private static final String KERNEL_TIME = "\"TASK_KERNEL_TIME\": \"";

  /** Launches that look after the pass and compute nothing of the model. */
  private static final OperationStep CONTROL = new OperationStep("control", "", "", "control");

  private final OperationRecorder recorder;

  /** The rows that graphs compute; null while loading, when nobody is told. */
  private Chunk chunk;

  /** The rows of the pass, of which the head takes some. */
  private Chunk pass;

  LaunchTimes(OperationRecorder recorder) {
    this.recorder = recorder;
  }

  /** Whether graphs are to be timed now. */
  boolean areWanted() {
    return pass != null && recorder.isOn();
  }

  /** A pass of rows begins. */
  void pass(Chunk rows) {
    pass = rows;
    chunk = rows;
  }

  /** What runs next takes some of the pass's rows. */
  void rows(int[] rows, int from, int count) {
    if (areWanted()) {
      int[] some = new int[count];
      System.arraycopy(rows, from, some, 0, count);
      chunk = pass.select(some, count);
    }
  }

  /**
   * A graph ran.
   *
   * @param graph which
   * @param layer the first of the layers that it ran, from the beginning of their group
   * @param log what TornadoVM's profiler has for it
   * @param wallNanos how long it took by the host's clock
   */
  void ran(DeviceGraph graph, int layer, String log, long wallNanos) {
    List<TaskList.Launch> launches = graph.tasks.launches();
    long[] nanos = new long[launches.size()];
    long total = 0;
    for (int i = 0; i < nanos.length; i++) {
      nanos[i] = kernelNanos(log, graph.name + "." + launches.get(i).name());
      total += nanos[i];
    }
    if (total == 0) {
      ranAsWhole(graph, layer, wallNanos);
      return;
    }
    for (int i = 0; i < nanos.length; ) {
      TaskList.Launch launch = launches.get(i);
      long sum = 0;
      do {
        sum += nanos[i++];
      } while (i < nanos.length && launches.get(i).work().equals(launch.work()));
      if (launch.work().isPresent()) {
        recorder.ran(launch.work().get().of(layer), chunk, sum);
      } else {
        recorder.ran(CONTROL, List.of(), chunk, sum);
      }
    }
  }

  /** Of the last execution. Found by hand: the log has an object a task, with no objects in it. */
  private static long kernelNanos(String log, String task) {
    int from = log.lastIndexOf('"' + task + "\": {");
    if (from < 0) {
      return 0;
    }
    int at = log.indexOf(KERNEL_TIME, from);
    if (at < 0 || at > log.indexOf('}', from)) {
      return 0;
    }
    int digits = at + KERNEL_TIME.length();
    return Long.parseLong(log.substring(digits, log.indexOf('"', digits)));
  }

  private void ranAsWhole(DeviceGraph graph, int layer, long wallNanos) {
    List<MeasuredStep> steps = new ArrayList<>();
    for (TaskList.Launch launch : graph.tasks.launches()) {
      launch
          .work()
          .map(work -> work.of(layer))
          .filter(s -> !steps.contains(s))
          .ifPresent(steps::add);
    }
    recorder.ran(new OperationStep("graph", graph.name, "", graph.name), steps, chunk, wallNanos);
  }
}

package org.zonda.bench.lab;

import java.util.Optional;
import org.zonda.runtime.tornado.Devices;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;

/** Runs a kernel on the data of a case, on a device of this JVM. */
final class CaseRunner {

  private final Optional<TornadoDevice> device;

  /**
   * @param device where; empty for TornadoVM's own choice
   */
  CaseRunner(Optional<TornadoDevice> device) {
    this.device = device;
  }

  /** Runs and compares; whatever the kernel does is a result. */
  CaseResult run(CheckCase check, Object task) {
    Trial trial = check.trial().get();
    try {
      execute(trial, task);
    } catch (TornadoExecutionPlanException | RuntimeException | LinkageError e) {
      return CaseResult.fault(check.name(), reason(e));
    } catch (OutOfMemoryError e) {
      return CaseResult.fault(check.name(), "out of memory: " + e.getMessage());
    }
    return CaseResult.compared(check.name(), trial);
  }

  /** What was thrown, without the name that the task has here and TornadoVM's stack trace. */
  static String reason(Throwable failure) {
    return Devices.reason(failure)
        .replaceFirst(Trial.GRAPH + "\\.kernel:? ", "")
        .replaceFirst("\\s*Stacktrace: \\[.*", "");
  }

  /** Runs without comparing. */
  void execute(Trial trial, Object task) throws TornadoExecutionPlanException {
    GridScheduler grids = new GridScheduler();
    TaskGraph graph = trial.graph(task, grids);
    try (TornadoExecutionPlan plan = new TornadoExecutionPlan(graph.snapshot())) {
      device.ifPresent(plan::withDevice);
      plan.withGridScheduler(grids).execute();
    }
  }
}

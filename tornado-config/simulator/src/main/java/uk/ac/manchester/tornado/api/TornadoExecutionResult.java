package uk.ac.manchester.tornado.api;

import org.zonda.tornado.simulator.Plan;

/** What an execution leaves behind: times, and arrays that are fetched on demand. */
public class TornadoExecutionResult {
  private final Plan plan;
  private final TornadoProfilerResult profile;

  TornadoExecutionResult(Plan plan) {
    this.plan = plan;
    this.profile = new TornadoProfilerResult(plan);
  }

  /** The times; zero where the plan does not measure them. */
  public TornadoProfilerResult getProfilerResult() {
    return profile;
  }

  /** Copies arrays back that the graphs transfer on demand. */
  public TornadoExecutionResult transferToHost(Object... objects) {
    plan.fetch(objects);
    return this;
  }

  /** Copies a part of an array back that the graphs transfer on demand. */
  public TornadoExecutionResult transferToHost(DataRange range) {
    range.materialize();
    plan.fetch(range.getArray(), range.getOffset(), range.getPartialSize());
    return this;
  }

  /** Whether the execution has ended. */
  public boolean isReady() {
    return true;
  }
}

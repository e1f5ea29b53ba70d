package org.zonda.runtime.backend;

import java.util.List;
import jdk.jfr.FlightRecorder;

/**
 * Tells a listener, and Java Flight Recorder while it records {@code org.zonda.Operation}, of the
 * steps that a stage ran. Where neither wants to know, {@link #isOn} is false and stages time
 * nothing. One thread at a time.
 */
public final class OperationRecorder {

  /**
   * Knows whether a recording wants such events; made when there is a first one, since registering
   * an event takes 50 ms of the start.
   */
  private static final class Probe {
    static final OperationEvent EVENT = new OperationEvent();
  }

  /** Null: nobody but the flight recorder. */
  private final OperationListener listener;

  private OperationEvent event;
  private long start;

  /**
   * For a stage.
   *
   * @param options have the listener
   */
  public OperationRecorder(ExecutorOptions options) {
    listener = options.listener().orElse(null);
  }

  /**
   * Whether steps are to be timed.
   *
   * @return whether anybody wants to know
   */
  public boolean isOn() {
    return listener != null || FlightRecorder.isInitialized() && Probe.EVENT.isEnabled();
  }

  /** A step begins. */
  public void begin() {
    event = new OperationEvent();
    event.begin();
    start = System.nanoTime();
  }

  /**
   * The step that began has ended.
   *
   * @param step which
   * @param chunk the pass's rows
   */
  public void end(MeasuredStep step, Chunk chunk) {
    long nanos = System.nanoTime() - start;
    event.end();
    tell(event, step.step(), step.bytes(chunk), step.multiplyAdds(chunk), chunk.rows(), nanos);
  }

  /**
   * A step ran that somebody else timed.
   *
   * @param step which
   * @param chunk the pass's rows
   * @param nanos how long it took
   */
  public void ran(MeasuredStep step, Chunk chunk, long nanos) {
    ran(step.step(), List.of(step), chunk, nanos);
  }

  /**
   * Steps ran that nobody can tell apart, or none.
   *
   * @param whole what to call them
   * @param steps of which it consists
   * @param chunk the pass's rows
   * @param nanos how long they took
   */
  public void ran(OperationStep whole, List<MeasuredStep> steps, Chunk chunk, long nanos) {
    long bytes = steps.stream().mapToLong(step -> step.bytes(chunk)).sum();
    long multiplyAdds = steps.stream().mapToLong(step -> step.multiplyAdds(chunk)).sum();
    tell(new OperationEvent(), whole, bytes, multiplyAdds, chunk.rows(), nanos);
  }

  private void tell(
      OperationEvent told,
      OperationStep step,
      long bytes,
      long multiplyAdds,
      int rows,
      long nanos) {
    if (told.shouldCommit()) {
      told.operation = step.operation();
      told.weight = step.weight();
      told.format = step.format();
      told.layer = step.block();
      told.rows = rows;
      told.bytes = bytes;
      told.multiplyAdds = multiplyAdds;
      told.time = nanos;
      told.commit();
    }
    if (listener != null) {
      listener.ran(new OperationRun(step, rows, bytes, multiplyAdds, nanos));
    }
  }
}

package org.zonda.runtime.profile;

import org.zonda.runtime.backend.OperationRun;

/**
 * What several runs took together.
 *
 * @param calls how many
 * @param nanos their time
 * @param bytes of weights, keys and values that they could not but read
 * @param multiplyAdds that they computed
 */
public record Totals(long calls, long nanos, long bytes, long multiplyAdds) {

  /** Nothing yet. */
  public static final Totals NONE = new Totals(0, 0, 0, 0);

  Totals plus(OperationRun run) {
    return new Totals(
        calls + 1, nanos + run.nanos(), bytes + run.bytes(), multiplyAdds + run.multiplyAdds());
  }

  /**
   * Both together.
   *
   * @param other more
   * @return the sum
   */
  public Totals plus(Totals other) {
    return new Totals(
        calls + other.calls,
        nanos + other.nanos,
        bytes + other.bytes,
        multiplyAdds + other.multiplyAdds);
  }

  /**
   * The speed of reading.
   *
   * @return bytes a second; 0 where no time passed
   */
  public double bytesPerSecond() {
    return nanos == 0 ? 0 : bytes * 1e9 / nanos;
  }

  /**
   * The speed of computing.
   *
   * @return multiply-adds a second; 0 where no time passed
   */
  public double multiplyAddsPerSecond() {
    return nanos == 0 ? 0 : multiplyAdds * 1e9 / nanos;
  }
}

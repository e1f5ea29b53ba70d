package org.zonda.bench;

/** Hears how far a benchmark is; called in the thread that runs it, between measurements. */
@FunctionalInterface
public interface BenchmarkProgress {

  /**
   * A step begins, or everything is done.
   *
   * @param step what begins now, such as {@code pp512, 2 of 5}
   * @param completed steps that are done
   * @param total all steps; the last call has {@code completed == total}
   */
  void at(String step, int completed, int total);

  /**
   * Nobody listens.
   *
   * @return does nothing
   */
  static BenchmarkProgress none() {
    return (step, completed, total) -> {};
  }
}

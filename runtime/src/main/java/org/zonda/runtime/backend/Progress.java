package org.zonda.runtime.backend;

/** Hears how far loading has come. Called on the thread that loads. */
@FunctionalInterface
public interface Progress {

  /** Hears nothing. */
  Progress NONE = (done, total) -> {};

  /**
   * Some more is done.
   *
   * @param done bytes made ready and uploaded so far
   * @param total bytes in all; the last call has {@code done == total}
   */
  void at(long done, long total);
}

package org.zonda.app;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.zonda.runtime.Cancellation;

/**
 * While open, the end of the process by a signal (Ctrl-C) first cancels a generation and waits a
 * little, so that its text and statistics are still written; or something else is done first. The
 * exit code stays the signal's.
 */
final class Interrupt implements AutoCloseable {

  /** A token takes less; a long prompt may not. */
  private static final int PATIENCE_SECONDS = 5;

  private final CountDownLatch written = new CountDownLatch(1);
  private final Thread hook;

  private Interrupt(Runnable action, int patienceSeconds) {
    hook =
        new Thread(
            () -> {
              action.run();
              try {
                written.await(patienceSeconds, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "zonda-interrupt");
  }

  static Interrupt cancels(Cancellation cancellation) {
    return runs(cancellation::cancel);
  }

  /** Runs something else than a cancellation, from another thread. */
  static Interrupt runs(Runnable action) {
    return installed(new Interrupt(action, PATIENCE_SECONDS), action);
  }

  /** Runs something from another thread, and does not wait for what is under way. */
  static Interrupt ends(Runnable lastWords) {
    return installed(new Interrupt(lastWords, 0), lastWords);
  }

  private static Interrupt installed(Interrupt interrupt, Runnable action) {
    try {
      Runtime.getRuntime().addShutdownHook(interrupt.hook);
    } catch (IllegalStateException e) {
      action.run(); // the process is ending already
    }
    return interrupt;
  }

  @Override
  public void close() {
    written.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending: the hook has run, or is about to and will not wait.
    }
  }
}

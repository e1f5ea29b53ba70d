package org.zonda.runtime;

/**
 * A request to stop a running generation, made by any thread. It is looked at between tokens and
 * between the chunks of a prompt, and cannot be taken back. Interrupting the generating thread has
 * the same effect; the thread stays interrupted then.
 */
public final class Cancellation {

  private static final Cancellation NEVER = new Cancellation(false);

  private final boolean cancellable;
  private volatile boolean cancelled;

  /** Creates a request that was not yet made. */
  public Cancellation() {
    this(true);
  }

  private Cancellation(boolean cancellable) {
    this.cancellable = cancellable;
  }

  /**
   * One that nobody makes.
   *
   * @return a shared object whose {@link #cancel} fails
   */
  public static Cancellation never() {
    return NEVER;
  }

  /**
   * Asks the generation to stop.
   *
   * @throws UnsupportedOperationException if this is {@link #never()}
   */
  public void cancel() {
    if (!cancellable) {
      throw new UnsupportedOperationException("Cancellation.never() cannot be cancelled");
    }
    cancelled = true;
  }

  /**
   * Whether {@link #cancel} was called.
   *
   * @return true from then on
   */
  public boolean isCancelled() {
    return cancelled;
  }
}

package org.zonda.app;

/**
 * The reader of standard output went away, as {@code head} does; a reason to stop, not to shout.
 */
final class OutputClosedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OutputClosedException(Throwable cause) {
    super("the output's reader went away", cause);
  }
}

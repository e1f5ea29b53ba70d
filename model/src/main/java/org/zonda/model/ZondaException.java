package org.zonda.model;

/**
 * A fault that a user can understand and act on: a broken file, an unknown format, a prompt that is
 * too long. The message is complete in one line: it names the file or option, the value found and
 * what would work. Programs print the message alone; the stack trace is for developers.
 */
public class ZondaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message one complete line
   */
  public ZondaException(String message) {
    super(message);
  }

  /**
   * Creates the exception with the fault that led to it.
   *
   * @param message one complete line
   * @param cause the fault below
   */
  public ZondaException(String message, Throwable cause) {
    super(message, cause);
  }
}

package org.zonda.tornado;

/**
 * Something outside the program does not allow what was asked for: an SDK, a device or a file that
 * a user wrote. The message is one complete line that names what was found and what would work.
 */
public final class TornadoException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Names a problem.
   *
   * @param message one complete line
   */
  public TornadoException(String message) {
    super(message);
  }

  /**
   * Names a problem that something else caused.
   *
   * @param message one complete line
   * @param cause what caused it
   */
  public TornadoException(String message, Throwable cause) {
    super(message, cause);
  }
}

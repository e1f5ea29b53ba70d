package uk.ac.manchester.tornado.api.exceptions;

/** A failure on the way between host and device. */
public class TornadoFailureException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A failure described by a message. */
  public TornadoFailureException(String message) {
    super(message);
  }

  /** A failure described by its cause. */
  public TornadoFailureException(Exception cause) {
    super(cause);
  }
}

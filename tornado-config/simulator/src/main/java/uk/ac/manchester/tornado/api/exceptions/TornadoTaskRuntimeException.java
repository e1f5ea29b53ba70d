package uk.ac.manchester.tornado.api.exceptions;

/** A task failed while it was set up or run. */
public class TornadoTaskRuntimeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A failure described by a message. */
  public TornadoTaskRuntimeException(String message) {
    super(message);
  }

  /** A failure described by a message and its cause. */
  public TornadoTaskRuntimeException(String message, Exception cause) {
    super(message, cause);
  }
}

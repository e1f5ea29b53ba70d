package uk.ac.manchester.tornado.api.exceptions;

/** A failure of the runtime; the root of most others. */
public class TornadoRuntimeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A failure described by a message. */
  public TornadoRuntimeException(String message) {
    super(message);
  }

  /** A failure described by its cause. */
  public TornadoRuntimeException(Exception cause) {
    super(cause);
  }
}

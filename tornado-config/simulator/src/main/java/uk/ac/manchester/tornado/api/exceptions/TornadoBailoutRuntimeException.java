package uk.ac.manchester.tornado.api.exceptions;

/** A task could not be compiled or run on the device, and running it in Java instead is off. */
public class TornadoBailoutRuntimeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A failure described by a message. */
  public TornadoBailoutRuntimeException(String message) {
    super(message);
  }

  /** A failure described by a message and its cause. */
  public TornadoBailoutRuntimeException(String message, Exception cause) {
    super(message, cause);
  }
}

package uk.ac.manchester.tornado.api.exceptions;

/** A misuse of the API. */
public class TornadoAPIException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A failure described by a message. */
  public TornadoAPIException(String message) {
    super(message);
  }

  /** A failure described by a message and its cause. */
  public TornadoAPIException(String message, Exception cause) {
    super(message, cause);
  }
}

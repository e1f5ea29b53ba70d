package uk.ac.manchester.tornado.api.exceptions;

/** A request of device memory that cannot be met. */
public class TornadoMemoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A failure described by a message. */
  public TornadoMemoryException(String message) {
    super(message);
  }
}

package uk.ac.manchester.tornado.api.exceptions;

/** The device memory is used up. */
public class TornadoOutOfMemoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A failure described by a message. */
  public TornadoOutOfMemoryException(String message) {
    super(message);
  }
}

package uk.ac.manchester.tornado.api.exceptions;

/** A kernel could not be compiled. */
public class TornadoCompilationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A failure described by a message. */
  public TornadoCompilationException(String message) {
    super(message);
  }
}

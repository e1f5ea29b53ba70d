package uk.ac.manchester.tornado.api.exceptions;

/** No backend of that number or kind. */
public class TornadoBackendNotFound extends TornadoRuntimeException {
  private static final long serialVersionUID = 1L;

  /** A failure described by a message. */
  public TornadoBackendNotFound(String message) {
    super(message);
  }
}

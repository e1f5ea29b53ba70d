package uk.ac.manchester.tornado.api.exceptions;

/** No device of that number or name. */
public class TornadoDeviceNotFound extends TornadoRuntimeException {
  private static final long serialVersionUID = 1L;

  /** A failure described by a message. */
  public TornadoDeviceNotFound(String message) {
    super(message);
  }
}

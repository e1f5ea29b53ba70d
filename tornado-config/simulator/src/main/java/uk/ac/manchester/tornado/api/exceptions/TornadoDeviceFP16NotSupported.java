package uk.ac.manchester.tornado.api.exceptions;

/** The device has no half-precision arithmetic. */
public class TornadoDeviceFP16NotSupported extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A failure described by a message. */
  public TornadoDeviceFP16NotSupported(String message) {
    super(message);
  }
}

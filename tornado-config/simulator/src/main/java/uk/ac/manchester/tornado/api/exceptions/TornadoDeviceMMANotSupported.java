package uk.ac.manchester.tornado.api.exceptions;

/** The device has no matrix units for that operation. */
public class TornadoDeviceMMANotSupported extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A failure described by a message. */
  public TornadoDeviceMMANotSupported(String message) {
    super(message);
  }
}

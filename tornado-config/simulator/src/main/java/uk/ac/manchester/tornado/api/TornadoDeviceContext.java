package uk.ac.manchester.tornado.api;

/** A device as its backend knows it. */
public interface TornadoDeviceContext {

  /** The physical device. */
  TornadoTargetDevice getDevice();

  /** Whether the device computes in double precision. */
  boolean isFP64Supported();

  /** The device's number within its platform. */
  int getDeviceIndex();

  /** The number of the platform. */
  int getDevicePlatform();

  /** The device's name. */
  String getDeviceName();

  /** The number of the backend. */
  int getDriverIndex();
}

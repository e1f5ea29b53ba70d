package uk.ac.manchester.tornado.api;

import java.util.List;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;

/** A way to compile kernels, and the devices it serves. */
public interface TornadoBackend {

  /** The device used where none is named. */
  TornadoDevice getDefaultDevice();

  /** Sets the device used where none is named. */
  void setDefaultDevice(int index);

  /** The number of devices. */
  int getNumDevices();

  /** A device by number. */
  TornadoDevice getDevice(int index);

  /** All devices. */
  List<TornadoDevice> getAllDevices();

  /** The kind of the default device. */
  TornadoDeviceType getTypeDefaultDevice();

  /** The backend's name. */
  String getName();

  /** The number of platforms. */
  int getNumPlatforms();

  /** What kernels are compiled to. */
  TornadoVMBackendType getBackendType();
}

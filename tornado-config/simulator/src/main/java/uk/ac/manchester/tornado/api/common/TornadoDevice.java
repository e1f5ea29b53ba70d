package uk.ac.manchester.tornado.api.common;

import uk.ac.manchester.tornado.api.TornadoDeviceContext;
import uk.ac.manchester.tornado.api.TornadoTargetDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;

/** A device that runs kernels. */
public interface TornadoDevice {

  /** A short name, by backend and number. */
  String getDeviceName();

  /** A description. */
  String getDescription();

  /** The name of the platform or driver. */
  String getPlatformName();

  /** The device as its backend knows it. */
  TornadoDeviceContext getDeviceContext();

  /** The physical device. */
  TornadoTargetDevice getPhysicalDevice();

  /** The kind of device. */
  TornadoDeviceType getDeviceType();

  /** The most bytes of one array. */
  long getMaxAllocMemory();

  /** Bytes of device memory. */
  long getMaxGlobalMemory();

  /** Bytes of local memory of a group. */
  long getDeviceLocalMemorySize();

  /** The most work-items of a group, by dimension. */
  long[] getDeviceMaxWorkgroupDimensions();

  /** The version of the device's language. */
  String getDeviceOpenCLCVersion();

  /** The number of the backend. */
  int getBackendIndex();

  /** What kernels are compiled to. */
  TornadoVMBackendType getTornadoVMBackend();
}

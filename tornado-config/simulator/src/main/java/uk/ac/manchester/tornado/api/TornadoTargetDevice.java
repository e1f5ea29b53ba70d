package uk.ac.manchester.tornado.api;

/** The limits of a physical device. */
public interface TornadoTargetDevice {

  /** The device's name. */
  String getDeviceName();

  /** Bytes of device memory. */
  long getDeviceGlobalMemorySize();

  /** Bytes of local memory of a group. */
  long getDeviceLocalMemorySize();

  /** The number of compute units. */
  int getDeviceMaxComputeUnits();

  /** The most work-items in each dimension. */
  long[] getDeviceMaxWorkItemSizes();

  /** The most work-items of a group. */
  long[] getDeviceMaxWorkGroupSize();

  /** The most work-items of a group. */
  int getMaxThreadsPerBlock();

  /** The clock in MHz. */
  int getDeviceMaxClockFrequency();

  /** Bytes of constant memory. */
  long getDeviceMaxConstantBufferSize();

  /** The most bytes of one array. */
  long getDeviceMaxAllocationSize();

  /** A description. */
  String getDeviceInfo();
}

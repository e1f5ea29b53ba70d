package org.zonda.tornado.simulator;

import java.util.concurrent.atomic.AtomicLong;
import uk.ac.manchester.tornado.api.TornadoDeviceContext;
import uk.ac.manchester.tornado.api.TornadoTargetDevice;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.api.exceptions.TornadoOutOfMemoryException;

/** The simulated device, described by {@link Settings}. */
public final class SimulatedDevice
    implements TornadoDevice, TornadoDeviceContext, TornadoTargetDevice {
  private final Settings settings;
  private final AtomicLong used = new AtomicLong();

  SimulatedDevice(Settings settings) {
    this.settings = settings;
  }

  /** Takes memory, or fails. */
  void reserve(long bytes) {
    long before = used.getAndAdd(bytes);
    if (bytes > settings.memory() - before) {
      used.addAndGet(-bytes);
      throw new TornadoOutOfMemoryException(
          "no room for "
              + bytes
              + " bytes on "
              + this
              + ": "
              + before
              + " of its "
              + settings.memory()
              + " bytes are in use");
    }
  }

  /** Gives memory back. */
  void release(long bytes) {
    used.addAndGet(-bytes);
  }

  Settings settings() {
    return settings;
  }

  @Override
  public String getDeviceName() {
    return "Zonda simulator (" + settings.backendName() + " rules)";
  }

  @Override
  public String getDescription() {
    return getDeviceName();
  }

  @Override
  public String getPlatformName() {
    return "Zonda simulator";
  }

  @Override
  public TornadoDeviceContext getDeviceContext() {
    return this;
  }

  @Override
  public TornadoTargetDevice getPhysicalDevice() {
    return this;
  }

  @Override
  public TornadoDeviceType getDeviceType() {
    return TornadoDeviceType.CPU;
  }

  @Override
  public long getMaxAllocMemory() {
    return settings.memory();
  }

  @Override
  public long getMaxGlobalMemory() {
    return settings.memory();
  }

  @Override
  public long getDeviceLocalMemorySize() {
    return settings.localMemory();
  }

  @Override
  public long[] getDeviceMaxWorkgroupDimensions() {
    return new long[] {settings.groupSize(), settings.groupSize(), settings.groupSize()};
  }

  @Override
  public String getDeviceOpenCLCVersion() {
    return "OpenCL C 1.2";
  }

  @Override
  public int getBackendIndex() {
    return 0;
  }

  @Override
  public TornadoVMBackendType getTornadoVMBackend() {
    return settings.backend();
  }

  @Override
  public TornadoTargetDevice getDevice() {
    return this;
  }

  @Override
  public boolean isFP64Supported() {
    return true;
  }

  @Override
  public int getDeviceIndex() {
    return 0;
  }

  @Override
  public int getDevicePlatform() {
    return 0;
  }

  @Override
  public int getDriverIndex() {
    return 0;
  }

  @Override
  public long getDeviceGlobalMemorySize() {
    return settings.memory();
  }

  @Override
  public int getDeviceMaxComputeUnits() {
    return 1;
  }

  @Override
  public long[] getDeviceMaxWorkItemSizes() {
    return getDeviceMaxWorkgroupDimensions();
  }

  @Override
  public long[] getDeviceMaxWorkGroupSize() {
    return new long[] {settings.groupSize()};
  }

  @Override
  public int getMaxThreadsPerBlock() {
    return settings.groupSize();
  }

  @Override
  public int getDeviceMaxClockFrequency() {
    return 0;
  }

  @Override
  public long getDeviceMaxConstantBufferSize() {
    return settings.memory();
  }

  @Override
  public long getDeviceMaxAllocationSize() {
    return settings.memory();
  }

  @Override
  public String getDeviceInfo() {
    return getDeviceName();
  }

  @Override
  public String toString() {
    return getDeviceName();
  }
}

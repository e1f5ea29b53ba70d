package org.zonda.tornado.simulator;

import java.util.List;
import uk.ac.manchester.tornado.api.TornadoBackend;
import uk.ac.manchester.tornado.api.TornadoRuntime;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.api.exceptions.TornadoBackendNotFound;
import uk.ac.manchester.tornado.api.exceptions.TornadoDeviceNotFound;

/** A runtime of one backend with one device: the simulator. */
public enum SimulatedRuntime implements TornadoRuntime, TornadoBackend {
  /** The only one. */
  INSTANCE;

  private final SimulatedDevice device = new SimulatedDevice(Settings.fromSystemProperties());

  @Override
  public TornadoBackend getBackend(int index) {
    if (index != 0) {
      throw new TornadoBackendNotFound(
          "no backend " + index + ": the simulator has backend 0 only");
    }
    return this;
  }

  @Override
  public void setDefaultBackend(int index) {
    getBackend(index);
  }

  @Override
  public TornadoVMBackendType getBackendType(int index) {
    return getBackend(index).getBackendType();
  }

  @Override
  public int getNumBackends() {
    return 1;
  }

  @Override
  public SimulatedDevice getDefaultDevice() {
    return device;
  }

  @Override
  public void setDefaultDevice(int index) {
    getDevice(index);
  }

  @Override
  public int getNumDevices() {
    return 1;
  }

  @Override
  public SimulatedDevice getDevice(int index) {
    if (index != 0) {
      throw new TornadoDeviceNotFound("no device " + index + ": the simulator has device 0 only");
    }
    return device;
  }

  @Override
  public List<TornadoDevice> getAllDevices() {
    return List.of(device);
  }

  @Override
  public TornadoDeviceType getTypeDefaultDevice() {
    return device.getDeviceType();
  }

  @Override
  public String getName() {
    return "Zonda simulator";
  }

  @Override
  public int getNumPlatforms() {
    return 1;
  }

  @Override
  public TornadoVMBackendType getBackendType() {
    return device.getTornadoVMBackend();
  }
}

package org.zonda.runtime.tornado;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.zonda.runtime.backend.Backend;
import org.zonda.runtime.backend.Progress;
import org.zonda.runtime.placement.DeviceBackends;
import org.zonda.runtime.placement.DeviceInfo;
import org.zonda.tornado.Availability;

/** The devices of TornadoVM, or its simulator where TornadoVM is not. */
public final class TornadoDevices implements DeviceBackends {

  /** Cheap; nothing of TornadoVM or the simulator is loaded until devices are asked for. */
  public TornadoDevices() {}

  @Override
  public Optional<String> absence() {
    return Availability.absence();
  }

  @Override
  public List<DeviceInfo> list() {
    return Devices.all().stream().map(TornadoDevices::info).toList();
  }

  private static DeviceInfo info(Device device) {
    return new DeviceInfo(
        device.number(),
        device.description(),
        kind(device),
        device.memory(),
        device.largestAllocation());
  }

  private static DeviceInfo.Kind kind(Device device) {
    if (device.simulated()) {
      return DeviceInfo.Kind.SIMULATOR;
    }
    return device.identity().type().equals("CPU") ? DeviceInfo.Kind.CPU : DeviceInfo.Kind.GPU;
  }

  @Override
  public Backend open(DeviceInfo device, Optional<Path> profile, Progress progress) {
    Device opened = Devices.numbered(device.number());
    return new TornadoBackend(opened.handle(), opened.profile(profile), progress);
  }
}

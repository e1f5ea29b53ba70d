package org.zonda.bench.compare;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.zonda.bench.HostMemory;
import org.zonda.bench.ReadSpeed;
import org.zonda.bench.device.KernelBenchmark;
import org.zonda.runtime.placement.DeviceBackends;
import org.zonda.runtime.placement.DeviceInfo;
import org.zonda.runtime.tornado.Devices;

/**
 * What a comparison finds on the machine.
 *
 * @param devices those that there are
 * @param hostReadSpeed measures how fast the host's memory can be read
 * @param deviceReadSpeed measures a device's
 * @param tornado version of TornadoVM, where it is there
 */
public record Surroundings(
    DeviceBackends devices,
    Supplier<ReadSpeed> hostReadSpeed,
    Function<DeviceInfo, ReadSpeed> deviceReadSpeed,
    Optional<String> tornado) {

  /**
   * This machine.
   *
   * @param tornado version of TornadoVM, where it is there
   * @return what is installed, and benchmarks that measure it
   */
  public static Surroundings here(Optional<String> tornado) {
    return new Surroundings(
        DeviceBackends.installed(),
        HostMemory::measure,
        device -> KernelBenchmark.readSpeed(Devices.numbered(device.number())),
        tornado);
  }
}

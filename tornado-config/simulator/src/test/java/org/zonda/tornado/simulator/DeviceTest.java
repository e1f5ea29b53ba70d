package org.zonda.tornado.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.api.exceptions.TornadoBackendNotFound;
import uk.ac.manchester.tornado.api.exceptions.TornadoDeviceNotFound;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

class DeviceTest {

  @Test
  void thereIsOneDevice() {
    TornadoDevice device = TornadoExecutionPlan.getDevice(0, 0);

    assertThat(device.getDeviceName()).isEqualTo("Zonda simulator (OpenCL rules)");
    assertThat(device.getTornadoVMBackend()).isEqualTo(TornadoVMBackendType.OPENCL);
    assertThat(device.getMaxGlobalMemory()).isEqualTo(4L << 30);
    assertThat(device.getDeviceLocalMemorySize()).isEqualTo(48 << 10);
    assertThat(device.getDeviceMaxWorkgroupDimensions()).startsWith(1024);
    assertThat(TornadoRuntimeProvider.getTornadoRuntime().getNumBackends()).isEqualTo(1);
    assertThat(TornadoExecutionPlan.getTornadoDeviceMap().getDevicesByName("zonda"))
        .containsExactly(device);
    assertThat(TornadoExecutionPlan.getTornadoDeviceMap().getDevicesByType(TornadoDeviceType.GPU))
        .isEmpty();
    assertThatThrownBy(() -> TornadoExecutionPlan.getDevice(0, 1))
        .isInstanceOf(TornadoDeviceNotFound.class);
    assertThatThrownBy(() -> TornadoExecutionPlan.getDevice(1, 0))
        .isInstanceOf(TornadoBackendNotFound.class);
  }

  @Test
  void propertiesDescribeIt() {
    Settings settings =
        Settings.of(
            key ->
                switch (key) {
                  case "zonda.simulator.backend" -> "CUDA";
                  case "zonda.simulator.memory" -> "1000000";
                  case "zonda.simulator.checks" -> "false";
                  case "zonda.simulator.timeout" -> "3";
                  default -> null;
                });

    assertThat(settings)
        .isEqualTo(new Settings(TornadoVMBackendType.CUDA, 1_000_000, 48 << 10, 1024, false, 3));
    assertThat(new SimulatedDevice(settings).getDeviceName())
        .isEqualTo("Zonda simulator (CUDA rules)");
  }

  @Test
  void wrongPropertiesAreNamed() {
    assertThatThrownBy(() -> Settings.of(key -> key.endsWith("backend") ? "metal" : null))
        .hasMessage("zonda.simulator.backend is 'metal'; it must be opencl, ptx or cuda");
    assertThatThrownBy(() -> Settings.of(key -> key.endsWith(".memory") ? "-1" : null))
        .hasMessage("zonda.simulator.memory is '-1'; it must be a whole number above zero");
    assertThatThrownBy(() -> Settings.of(key -> key.endsWith("checks") ? "no" : null))
        .hasMessage("zonda.simulator.checks is 'no'; it must be true or false");
    assertThatThrownBy(() -> Settings.of(key -> key.endsWith("group-size") ? "5000" : null))
        .hasMessage("zonda.simulator.group-size is '5000'; it must be at most 4096");
  }
}

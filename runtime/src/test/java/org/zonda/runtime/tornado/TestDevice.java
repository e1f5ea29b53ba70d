package org.zonda.runtime.tornado;

import java.util.Optional;
import org.zonda.tornado.DeviceIdentity;
import org.zonda.tornado.DeviceProfile;
import org.zonda.tornado.DeviceProfiles;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.common.TornadoDevice;

/** The device that tests run on: the simulator's, or the first of TornadoVM where it is there. */
final class TestDevice {

  static final TornadoDevice DEVICE = TornadoExecutionPlan.getDevice(0, 0);

  /** TornadoVM's classes are in a module of their own, the simulator's are not. */
  static final boolean SIMULATED = !TornadoDevice.class.getModule().isNamed();

  static final DeviceProfile PROFILE =
      DeviceProfiles.choose(
          SIMULATED
              ? new DeviceIdentity("SIMULATOR", "", "simulator", "GPU")
              : new DeviceIdentity("OPENCL", "", "device", DEVICE.getDeviceType().name()),
          Optional.empty());

  private TestDevice() {}
}

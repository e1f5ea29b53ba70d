package org.zonda.runtime.tornado;

import java.util.Optional;
import org.zonda.tornado.DeviceProfile;
import uk.ac.manchester.tornado.api.common.TornadoDevice;

/** The device that tests run on: the simulator's, or the first of TornadoVM where it is there. */
final class TestDevice {

  private static final Device FIRST = Devices.numbered(0);

  static final TornadoDevice DEVICE = FIRST.handle();
  static final DeviceProfile PROFILE = FIRST.profile(Optional.empty());
  static final boolean SIMULATED = FIRST.simulated();

  private TestDevice() {}

  /** The device's profile with another number of layers a graph. */
  static DeviceProfile layersPerGraph(int layers) {
    return profile(layers, false, false, false);
  }

  /** The device's profile with rounding. */
  static DeviceProfile rounding(boolean int8Inputs, boolean tensorCores) {
    return profile(PROFILE.layersPerGraph(), false, int8Inputs, tensorCores);
  }

  /** The device's profile with captured graphs of so many layers. */
  static DeviceProfile capturing(int layers) {
    return profile(layers, true, false, false);
  }

  private static DeviceProfile profile(
      int layers, boolean captureGraphs, boolean int8Inputs, boolean tensorCores) {
    return new DeviceProfile(
        PROFILE.name(),
        PROFILE.description(),
        PROFILE.lanes(),
        PROFILE.rowsPerGroup(),
        PROFILE.normGroup(),
        PROFILE.attentionGroup(),
        PROFILE.attentionSplits(),
        PROFILE.elementGroup(),
        PROFILE.matmulTile(),
        layers,
        captureGraphs,
        int8Inputs,
        tensorCores);
  }
}

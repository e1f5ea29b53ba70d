package org.zonda.runtime.tornado;

import org.zonda.model.ModelSource;
import org.zonda.model.graph.Transformer;
import org.zonda.runtime.backend.Backend;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.Part;
import org.zonda.runtime.backend.Progress;
import org.zonda.runtime.backend.Stage;
import org.zonda.tornado.DeviceProfile;
import uk.ac.manchester.tornado.api.common.TornadoDevice;

/** Runs models on one device of TornadoVM, or of its simulator. */
public final class TornadoBackend implements Backend {

  private final TornadoDevice device;
  private final DeviceProfile profile;
  private final Progress progress;

  /**
   * Opens a device.
   *
   * @param device the device
   * @param profile how kernels are cut for it
   * @param progress hears of weights that are made ready
   */
  public TornadoBackend(TornadoDevice device, DeviceProfile profile, Progress progress) {
    this.device = device;
    this.profile = profile;
    this.progress = progress;
  }

  @Override
  public String description() {
    return "%s, %s, %.1f GB"
        .formatted(
            DeviceFailures.name(device),
            device.getTornadoVMBackend(),
            device.getPhysicalDevice().getDeviceGlobalMemorySize() / 1e9);
  }

  @Override
  public Stage stage(
      Transformer transformer, ModelSource weights, ExecutorOptions options, Part part) {
    return new DeviceStage(device, profile, transformer, weights, options, part, progress);
  }

  @Override
  public void close() {
    // The device belongs to TornadoVM.
  }
}

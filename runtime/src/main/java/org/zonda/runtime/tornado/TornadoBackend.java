package org.zonda.runtime.tornado;

import org.zonda.model.ModelSource;
import org.zonda.model.graph.Decoder;
import org.zonda.runtime.backend.Backend;
import org.zonda.runtime.backend.Executor;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.Progress;
import org.zonda.tornado.DeviceProfile;
import uk.ac.manchester.tornado.api.common.TornadoDevice;

/** Runs models on one device of TornadoVM, or of its simulator. */
public final class TornadoBackend implements Backend {

  /**
   * Opens a device.
   *
   * @param device the device
   * @param profile how kernels are cut for it
   * @param progress hears of uploads
   */
  public TornadoBackend(TornadoDevice device, DeviceProfile profile, Progress progress) {}

  @Override
  public String description() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Executor load(Decoder decoder, ModelSource weights, ExecutorOptions options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    // The device belongs to TornadoVM.
  }
}

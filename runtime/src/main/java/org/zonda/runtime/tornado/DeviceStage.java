package org.zonda.runtime.tornado;

import org.zonda.model.ModelSource;
import org.zonda.model.graph.Decoder;
import org.zonda.runtime.backend.Chunk;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.Part;
import org.zonda.runtime.backend.Progress;
import org.zonda.runtime.backend.Stage;
import org.zonda.runtime.backend.TopLogits;
import org.zonda.tornado.DeviceProfile;
import uk.ac.manchester.tornado.api.common.TornadoDevice;

/** A part of a model on one device. */
public final class DeviceStage implements Stage {

  /**
   * Uploads the weights and compiles the kernels.
   *
   * @param device where it runs
   * @param profile how kernels are cut for the device
   * @param decoder the model
   * @param weights its tensors; not needed any more afterwards
   * @param options sizes of the KV cache and batch
   * @param part what of the model runs here
   * @param progress hears of the upload
   * @throws org.zonda.model.ZondaException if a format or operation is not supported on devices,
   *     memory is short or a kernel fails; the message says what would work
   */
  public DeviceStage(
      TornadoDevice device,
      DeviceProfile profile,
      Decoder decoder,
      ModelSource weights,
      ExecutorOptions options,
      Part part,
      Progress progress) {}

  @Override
  public String description() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void reserve(int sequence, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void truncate(int sequence, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void run(Chunk chunk, float[] hidden) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void hidden(float[] into) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void logits(int[] rows, int count, float[] into, int offset) {
    throw new UnsupportedOperationException();
  }

  @Override
  public TopLogits top(int[] rows, int count, int best) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long cacheBytes() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}

package org.zonda.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.zonda.model.ZondaException;
import org.zonda.model.lora.AdapterChoice;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.backend.Progress;

/**
 * How to open a model. A value out of its range is refused with a {@link ZondaException} that names
 * it.
 *
 * @param contextLength positions a sequence may have, at most what the model was made for; 0 for
 *     just that, or less where a device would have to do without layers
 * @param sequences generations and chats that may be open at once, at least 1; the KV cache grows
 *     as they do on the CPU, and is shared by them on a device
 * @param batchSize tokens that one pass of the prefill takes, at least 1
 * @param threads worker threads, at most {@link #MAX_THREADS}; 0 for one a core
 * @param cacheType how the KV cache stores numbers
 * @param backend where it is to run
 * @param gpuLayers how many layers a device is to run
 * @param device which device: its number, or a part of its name; empty for the most capable
 * @param deviceProfile a JSON file with changes to how kernels are cut for the device; empty for
 *     what is built in and configured
 * @param progress hears how much was uploaded to a device
 * @param preTokenizer how to cut words instead of as {@code tokenizer.ggml.pre} says, where that is
 *     unknown or wrong; empty for what the model says
 * @param adapters LoRA adapters to apply, together
 */
public record LoadOptions(
    int contextLength,
    int sequences,
    int batchSize,
    int threads,
    CacheType cacheType,
    BackendChoice backend,
    GpuLayers gpuLayers,
    Optional<String> device,
    Optional<Path> deviceProfile,
    Progress progress,
    Optional<String> preTokenizer,
    List<AdapterChoice> adapters) {

  /** The most worker threads that may be asked for. */
  public static final int MAX_THREADS = 1024;

  /**
   * What suits most: the model's context, 8 sequences, a thread a core, an F16 cache, on a GPU if
   * there is one.
   */
  public static final LoadOptions DEFAULT =
      new LoadOptions(
          0,
          8,
          512,
          0,
          CacheType.F16,
          BackendChoice.AUTO,
          GpuLayers.AUTO,
          Optional.empty(),
          Optional.empty(),
          Progress.NONE,
          Optional.empty(),
          List.of());

  /** Checks every value. */
  public LoadOptions {
    check("context length", contextLength, 0);
    check("number of sequences", sequences, 1);
    check("batch size", batchSize, 1);
    if (threads < 0 || threads > MAX_THREADS) {
      throw new ZondaException(
          "number of threads is " + threads + "; it must be a number from 0 to " + MAX_THREADS);
    }
    Objects.requireNonNull(cacheType, "cacheType");
    Objects.requireNonNull(backend, "backend");
    Objects.requireNonNull(gpuLayers, "gpuLayers");
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(deviceProfile, "deviceProfile");
    Objects.requireNonNull(progress, "progress");
    Objects.requireNonNull(preTokenizer, "preTokenizer");
    adapters = List.copyOf(adapters);
    boolean needsDevice = backend == BackendChoice.GPU || backend == BackendChoice.SIMULATOR;
    if (needsDevice && gpuLayers.count() == 0) {
      throw new ZondaException(
          "0 GPU layers leave nothing for the "
              + (backend == BackendChoice.GPU ? "GPU" : "simulator")
              + "; ask for at least 1, or for the CPU");
    }
  }

  public LoadOptions withContextLength(int value) {
    return with(draft -> draft.contextLength = value);
  }

  public LoadOptions withSequences(int value) {
    return with(draft -> draft.sequences = value);
  }

  public LoadOptions withBatchSize(int value) {
    return with(draft -> draft.batchSize = value);
  }

  public LoadOptions withThreads(int value) {
    return with(draft -> draft.threads = value);
  }

  public LoadOptions withCacheType(CacheType value) {
    return with(draft -> draft.cacheType = value);
  }

  public LoadOptions withBackend(BackendChoice value) {
    return with(draft -> draft.backend = value);
  }

  public LoadOptions withGpuLayers(GpuLayers value) {
    return with(draft -> draft.gpuLayers = value);
  }

  /**
   * Chooses a device.
   *
   * @param value its number, or a part of its name
   * @return options with it
   */
  public LoadOptions withDevice(String value) {
    return with(draft -> draft.device = Optional.of(value));
  }

  /**
   * Changes how kernels are cut for the device.
   *
   * @param value a JSON file, see {@link org.zonda.tornado.DeviceProfile}
   * @return options with it
   */
  public LoadOptions withDeviceProfile(Path value) {
    return with(draft -> draft.deviceProfile = Optional.of(value));
  }

  public LoadOptions withProgress(Progress value) {
    return with(draft -> draft.progress = value);
  }

  /**
   * Applies LoRA adapters.
   *
   * @param value all of them, each with its scale
   * @return options with them
   */
  public LoadOptions withAdapters(List<AdapterChoice> value) {
    return with(draft -> draft.adapters = value);
  }

  /**
   * Cuts words as another pre-tokenizer than the model's.
   *
   * @param value such as {@code default}
   * @return options with it
   */
  public LoadOptions withPreTokenizer(String value) {
    return with(draft -> draft.preTokenizer = Optional.of(value));
  }

  private LoadOptions with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.options();
  }

  /** Options while one of them is changed. */
  private static final class Draft {
    int contextLength;
    int sequences;
    int batchSize;
    int threads;
    CacheType cacheType;
    BackendChoice backend;
    GpuLayers gpuLayers;
    Optional<String> device;
    Optional<Path> deviceProfile;
    Progress progress;
    Optional<String> preTokenizer;
    List<AdapterChoice> adapters;

    Draft(LoadOptions from) {
      contextLength = from.contextLength;
      sequences = from.sequences;
      batchSize = from.batchSize;
      threads = from.threads;
      cacheType = from.cacheType;
      backend = from.backend;
      gpuLayers = from.gpuLayers;
      device = from.device;
      deviceProfile = from.deviceProfile;
      progress = from.progress;
      preTokenizer = from.preTokenizer;
      adapters = from.adapters;
    }

    LoadOptions options() {
      return new LoadOptions(
          contextLength,
          sequences,
          batchSize,
          threads,
          cacheType,
          backend,
          gpuLayers,
          device,
          deviceProfile,
          progress,
          preTokenizer,
          adapters);
    }
  }

  private static void check(String name, int value, int least) {
    if (value < least) {
      throw new ZondaException(name + " is " + value + "; it must be " + least + " or more");
    }
  }
}

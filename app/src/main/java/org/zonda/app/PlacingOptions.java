package org.zonda.app;

import java.util.List;
import org.zonda.bench.BenchmarkProgress;
import org.zonda.bench.lab.KernelGuard;
import org.zonda.bench.lab.KernelOption;
import org.zonda.bench.lab.UserKernel;
import org.zonda.model.ZondaException;
import org.zonda.runtime.BackendChoice;
import org.zonda.runtime.GpuLayers;
import org.zonda.runtime.LoadOptions;
import org.zonda.tornado.Availability;
import picocli.CommandLine.Option;

/** Where a model is to run. */
final class PlacingOptions {

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      order = 1,
      description =
          "auto: on a GPU as far as there is one and the model fits, else on the CPU; cpu; gpu; or"
              + " simulator: the GPU's kernels run in Java, slow and checked (default: auto).")
  private BackendChoice backend = LoadOptions.DEFAULT.backend();

  @Option(
      names = "--gpu-layers",
      paramLabel = "N",
      order = 2,
      description =
          "How many of the last layers the GPU runs, with the head; the CPU runs the first ones."
              + " auto: as many as fit; all; or a number (default: auto).")
  private String gpuLayers = LoadOptions.DEFAULT.gpuLayers().toString();

  @Option(
      names = "--device",
      paramLabel = "NAME",
      order = 3,
      description =
          "Which device: its number, or a part of its name (default: the GPU with the most memory).")
  private String device;

  @Option(
      names = "--device-profile",
      paramLabel = "FILE",
      order = 4,
      description =
          "Cut kernels for the device as this JSON file says ('zonda devices' shows the fields).")
  private String profile;

  @Option(
      names = "--kernel",
      paramLabel = "[ID=]FILE",
      order = 5,
      description =
          "Run kernels of your own in place of the device's: methods of a .java file (or the"
              + " class in it) or a jar with @Kernel(ID), all or the one of an ID (see"
              + " docs/kernel-lab.md). run and logits say how far the logits are from the default"
              + " kernels'. On a device they share its process, so the simulator runs them first, and"
              + " one that breaks a rule is refused. May be given several times.")
  private List<String> kernels = List.of();

  @Option(
      names = "--plan",
      order = 6,
      description = "Print what of the model would lie in which memory, and load nothing.")
  private boolean plan;

  private List<UserKernel> own = List.of();

  /** Whether kernels that a device would share this process with have been looked at. */
  private boolean guarded;

  /** Whether only the plan is wanted. */
  boolean planOnly() {
    return plan;
  }

  /** Whether kernels of the user's are to be run. */
  boolean namesKernels() {
    return !kernels.isEmpty();
  }

  LoadOptions applyTo(LoadOptions options) {
    LoadOptions placed = placed(options);
    if (Availability.present() && !guarded) {
      KernelGuard.check(own, BenchmarkProgress.none());
      guarded = true;
    }
    return placed;
  }

  private LoadOptions placed(LoadOptions options) {
    try {
      LoadOptions placed = options.withBackend(backend).withGpuLayers(GpuLayers.parse(gpuLayers));
      if (device != null) {
        placed = placed.withDevice(device);
      }
      if (!kernels.isEmpty()) {
        List<UserKernel> read = KernelOption.read(kernels, UserPath::of);
        own = read;
        placed = placed.withKernels(KernelOption.swaps(read));
      }
      return profile == null ? placed : placed.withDeviceProfile(UserPath.of(profile));
    } catch (ZondaException e) {
      throw new UsageException(e.getMessage());
    }
  }
}

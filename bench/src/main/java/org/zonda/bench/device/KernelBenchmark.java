package org.zonda.bench.device;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.zonda.bench.BenchmarkProgress;
import org.zonda.bench.Checkout;
import org.zonda.bench.Hardware;
import org.zonda.bench.Machine;
import org.zonda.bench.ReadSpeed;
import org.zonda.model.ZondaException;
import org.zonda.runtime.tornado.Device;
import org.zonda.tornado.DeviceProfile;

/**
 * Times the kernels of decode by themselves on a device, beside kernels that only read and copy:
 * what a kernel reaches of the speed of {@code read} is what it leaves to be gained.
 */
public final class KernelBenchmark {

  /**
   * The sizes, by what the device is.
   *
   * @param megabytes of the arrays that are read and copied: more than the device's caches
   * @param items work-items that read
   * @param rows of the matrices
   * @param columns of the matrices
   * @param matrices of a stack
   * @param positions of the cache that attention reads
   * @param layers of that cache
   * @param sampleSeconds how long a sample takes at least
   */
  private record Sizes(
      int megabytes,
      int items,
      int rows,
      int columns,
      int matrices,
      int positions,
      int layers,
      double sampleSeconds) {

    /** A GPU: the matrix of a feed-forward layer of a model of 8 billion parameters. */
    static final Sizes ACCELERATOR = new Sizes(1024, 1 << 18, 14_336, 4096, 8, 2048, 16, 0.1);

    /** The processor as a device: enough to show that everything runs. */
    static final Sizes PROCESSOR = new Sizes(16, 1 << 12, 2048, 2048, 4, 512, 4, 0.05);

    /** The simulator: enough to show that everything runs. */
    static final Sizes SIMULATOR = new Sizes(1, 1 << 8, 32, 256, 2, 64, 2, 0);
  }

  private final Device device;
  private final Hardware hardware;
  private final DeviceProfile profile;
  private final Sizes sizes;
  private final KernelTimer timer;

  private KernelBenchmark(Device device) {
    this.device = device;
    profile = device.profile(Optional.empty());
    hardware = hardware(device);
    sizes =
        switch (hardware) {
          case SIMULATOR -> Sizes.SIMULATOR;
          case PROCESSOR, PROCESSOR_AS_DEVICE -> Sizes.PROCESSOR;
          case ACCELERATOR -> Sizes.ACCELERATOR;
        };
    timer = new KernelTimer(device.handle(), sizes.sampleSeconds);
  }

  /**
   * Times all kernels.
   *
   * @param device where
   * @param budget after which no further kernel is begun
   * @param progress hears how far it is
   * @return what was found, and what was left out for want of time or failed
   */
  public static KernelReport run(Device device, Duration budget, BenchmarkProgress progress) {
    return new KernelBenchmark(device).run(budget, progress);
  }

  /**
   * Measures how fast a device reads its memory.
   *
   * @param device which
   * @return the speed, or why it cannot be told
   */
  public static ReadSpeed readSpeed(Device device) {
    KernelBenchmark benchmark = new KernelBenchmark(device);
    if (benchmark.hardware != Hardware.ACCELERATOR) {
      return new ReadSpeed.Unknown("the device has no memory of its own");
    }
    try {
      KernelTiming timing = benchmark.timer.time(benchmark.memory(false));
      return new ReadSpeed.Measured(
          "a kernel that reads " + org.zonda.bench.Sizes.of(timing.bytes()), timing.speed());
    } catch (ZondaException e) {
      return new ReadSpeed.Unknown(e.getMessage());
    }
  }

  private static Hardware hardware(Device device) {
    if (device.simulated()) {
      return Hardware.SIMULATOR;
    }
    boolean processor = device.identity().type().equals("CPU");
    return processor ? Hardware.PROCESSOR_AS_DEVICE : Hardware.ACCELERATOR;
  }

  private MemoryCase memory(boolean copy) {
    return new MemoryCase(
        copy, sizes.items, profile.elementGroup(), sizes.megabytes, sizes.matrices);
  }

  private List<Supplier<KernelCase>> cases() {
    List<Supplier<KernelCase>> cases = new ArrayList<>();
    cases.add(() -> memory(false));
    cases.add(() -> memory(true));
    for (MatrixCase.Format format : MatrixCase.Format.values()) {
      cases.add(() -> new MatrixCase(format, sizes.rows, sizes.columns, sizes.matrices, profile));
    }
    cases.add(
        () -> new AttentionCase(sizes.positions, sizes.layers, profile, device.localMemory()));
    return cases;
  }

  private KernelReport run(Duration budget, BenchmarkProgress progress) {
    Instant begin = Instant.now();
    List<KernelTiming> timings = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    List<Supplier<KernelCase>> cases = cases();
    for (int i = 0; i < cases.size(); i++) {
      KernelCase kernel = cases.get(i).get();
      progress.at(kernel.name(), i, cases.size());
      if (Duration.between(begin, Instant.now()).compareTo(budget) > 0) {
        notes.add(kernel.name() + ": left out, since the time was up");
        continue;
      }
      try {
        timings.add(timer.time(kernel));
      } catch (ZondaException e) {
        notes.add(e.getMessage());
      }
    }
    progress.at("done", cases.size(), cases.size());
    return new KernelReport(
        begin,
        Machine.detect(),
        Checkout.commit(),
        device.description(),
        hardware,
        profile.name(),
        timings,
        notes);
  }
}

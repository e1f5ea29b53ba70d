package org.zonda.bench.device;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import org.zonda.bench.BenchmarkProgress;
import org.zonda.bench.Checkout;
import org.zonda.bench.Hardware;
import org.zonda.bench.Machine;
import org.zonda.bench.MachineFigures;
import org.zonda.bench.ReadSpeed;
import org.zonda.bench.picture.Roofline;
import org.zonda.bench.picture.Roofs;
import org.zonda.model.ZondaException;
import org.zonda.runtime.tornado.Device;
import org.zonda.tornado.DeviceProfile;

/**
 * Times kernels by themselves on a device, beside kernels that only read and copy: what a kernel
 * reaches of the speed of {@code read} is what it leaves to be gained.
 */
public final class KernelBenchmark {

  /**
   * The sizes, by what the device is.
   *
   * @param megabytes of the arrays that are read and copied: more than the device's caches
   * @param items work-items that read
   * @param parts of the arrays, each a launch
   * @param sampleSeconds how long a sample takes at least
   */
  private record Sizes(int megabytes, int items, int parts, double sampleSeconds) {

    static final Sizes ACCELERATOR = new Sizes(1024, 1 << 18, 8, 0.1);

    /** The processor as a device. */
    static final Sizes PROCESSOR = new Sizes(64, 1 << 12, 4, 0.05);

    /** The simulator: enough to show that everything runs. */
    static final Sizes SIMULATOR = new Sizes(1, 1 << 8, 2, 0);
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
   * Times kernels, after those that read and copy.
   *
   * @param device where
   * @param cases what, each made when its turn comes
   * @param budget after which no further kernel is begun
   * @param progress hears how far it is
   * @return what was found, and what was left out for want of time or failed
   */
  public static KernelReport run(
      Device device,
      List<Supplier<KernelCase>> cases,
      Duration budget,
      BenchmarkProgress progress) {
    return new KernelBenchmark(device).run(cases, budget, progress);
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

  /**
   * What a device's figures depend on.
   *
   * @param device which
   * @return what kind of thing it is
   */
  public static Hardware hardware(Device device) {
    if (device.simulated()) {
      return Hardware.SIMULATOR;
    }
    boolean processor = device.identity().type().equals("CPU");
    return processor ? Hardware.PROCESSOR_AS_DEVICE : Hardware.ACCELERATOR;
  }

  private MemoryCase memory(boolean copy) {
    return new MemoryCase(copy, sizes.items, profile.elementGroup(), sizes.megabytes, sizes.parts);
  }

  private KernelReport run(
      List<Supplier<KernelCase>> kernels, Duration budget, BenchmarkProgress progress) {
    Instant begin = Instant.now();
    List<KernelTiming> timings = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    List<Supplier<KernelCase>> cases = new ArrayList<>();
    cases.add(() -> memory(false));
    cases.add(() -> memory(true));
    cases.addAll(kernels);
    int late = 0;
    for (int i = 0; i < cases.size(); i++) {
      if (Duration.between(begin, Instant.now()).compareTo(budget) > 0) {
        late++;
        continue;
      }
      KernelCase kernel = cases.get(i).get();
      progress.at(kernel.name() + " " + kernel.shape(), i, cases.size());
      try {
        timings.add(timer.time(kernel));
      } catch (ZondaException e) {
        notes.add(e.getMessage());
      }
    }
    if (late > 0) {
      notes.add(
          "%d of %d were left out, since the time was up; name fewer kernels"
              .formatted(late, cases.size()));
    }
    progress.at("done", cases.size(), cases.size());
    return new KernelReport(
        begin,
        Machine.detect(),
        Checkout.commit(),
        device.description(),
        hardware,
        Optional.of(profile.name()),
        roofs(timings),
        timings,
        notes);
  }

  /** The device's memory by the kernel that reads it; the processor's by its own means. */
  private List<Roofline.Roof> roofs(List<KernelTiming> timings) {
    return switch (hardware) {
      case SIMULATOR -> List.of();
      case PROCESSOR, PROCESSOR_AS_DEVICE ->
          // What a driver compiles for the processor multiplies floats.
          Roofs.of(MachineFigures.measure(Runtime.getRuntime().availableProcessors())).stream()
              .filter(roof -> roof.name().equals(Roofs.F32))
              .toList();
      case ACCELERATOR ->
          timings.stream()
              .filter(timing -> timing.kernel().equals("read"))
              .map(
                  read ->
                      new Roofline.Roof("memory", read.bytesPerSecond(), OptionalDouble.empty()))
              .toList();
    };
  }
}

package org.zonda.bench.lab;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.zonda.bench.BenchmarkProgress;
import org.zonda.bench.Checkout;
import org.zonda.bench.Hardware;
import org.zonda.bench.Machine;
import org.zonda.bench.MachineFigures;
import org.zonda.bench.device.KernelBenchmark;
import org.zonda.bench.device.KernelCase;
import org.zonda.bench.device.KernelReport;
import org.zonda.bench.device.KernelTiming;
import org.zonda.bench.picture.Roofs;
import org.zonda.model.ZondaException;
import org.zonda.runtime.cpu.CpuBackend;
import org.zonda.runtime.tornado.Device;

/**
 * Times kernels over a grid of shapes: those of a device with users' own beside them, or what the
 * CPU has in their place.
 */
public final class KernelBench {

  /** Rows of activations with which the CPU's products of many rows are timed. */
  private static final int MANY = 128;

  private KernelBench() {}

  /**
   * The kernels that are timed where none is named.
   *
   * @return one of each format, and what else takes time in a model
   */
  public static List<KernelEntry> usual() {
    return Stream.concat(
            Stream.of("attention.decode", "norm.rms", "element.gate").map(KernelCatalogue::get),
            KernelCatalogue.all().stream().filter(kernel -> kernel.id().startsWith("matvec.")))
        .toList();
  }

  /**
   * Times kernels on a device.
   *
   * @param device where
   * @param named kernels to time in every shape; where there are none, and no user's, the {@link
   *     #usual} in one shape each
   * @param own users' kernels, each timed beside the one that it stands for
   * @param budget after which no further kernel is begun
   * @param progress hears how far it is
   * @return what was found
   * @throws ZondaException if a kernel cannot be timed by itself, or {@link KernelGuard} refuses it
   */
  public static KernelReport onDevice(
      Device device,
      List<KernelEntry> named,
      List<UserKernel> own,
      Duration budget,
      BenchmarkProgress progress) {
    named.forEach(TimedShapes::check);
    own.forEach(kernel -> TimedShapes.check(kernel.entry()));
    KernelGuard.check(own, progress);
    TimedShapes shapes =
        new TimedShapes(device, device.profile(Optional.empty()), KernelBenchmark.hardware(device));
    List<Supplier<KernelCase>> cases = new ArrayList<>();
    if (named.isEmpty() && own.isEmpty()) {
      usual().forEach(kernel -> cases.addAll(cases(shapes, kernel, false)));
    }
    named.forEach(kernel -> cases.addAll(cases(shapes, kernel, true)));
    for (UserKernel kernel : own) {
      if (!named.contains(kernel.entry())) {
        cases.addAll(cases(shapes, kernel.entry(), true));
      }
      String name = kernel.entry().id() + " by " + kernel.name();
      cases.addAll(shapes.of(kernel.entry(), name, kernel.task(), true));
    }
    return KernelBenchmark.run(device, cases, budget, progress);
  }

  private static List<Supplier<KernelCase>> cases(
      TimedShapes shapes, KernelEntry kernel, boolean all) {
    return shapes.of(kernel, kernel.id(), KernelTask.of(kernel.method()), all);
  }

  /**
   * Times what the CPU has in the place of kernels.
   *
   * @param named kernels of the catalogue; where there are none, those of every format
   * @param threads how many compute; 0 for one a core
   * @param budget after which no further kernel is begun
   * @param progress hears how far it is
   * @return what was found
   * @throws ZondaException if the CPU has nothing in a kernel's place
   */
  public static KernelReport onCpu(
      List<KernelEntry> named, int threads, Duration budget, BenchmarkProgress progress) {
    return onCpu(named, threads, budget, progress, CpuTimings.Sizes.USUAL);
  }

  static KernelReport onCpu(
      List<KernelEntry> named,
      int threads,
      Duration budget,
      BenchmarkProgress progress,
      CpuTimings.Sizes sizes) {
    for (KernelEntry kernel : named) {
      if (!CpuTimings.has(kernel)) {
        throw new ZondaException(
            "the CPU has no kernel of its own for '%s'; it has for those of matvec and matmul"
                .formatted(kernel.id()));
      }
    }
    List<KernelEntry> kernels =
        named.isEmpty() ? KernelCatalogue.all().stream().filter(CpuTimings::has).toList() : named;
    Instant begin = Instant.now();
    List<KernelTiming> timings = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    int used = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    progress.at("the machine's limits", 0, kernels.size() + 1);
    MachineFigures figures = MachineFigures.measure(used);
    try (CpuBackend backend = new CpuBackend(used, false, 0)) {
      CpuTimings cpu = new CpuTimings(backend, sizes);
      for (int i = 0; i < kernels.size(); i++) {
        KernelEntry kernel = kernels.get(i);
        progress.at(kernel.id(), i + 1, kernels.size() + 1);
        if (Duration.between(begin, Instant.now()).compareTo(budget) > 0) {
          notes.add(kernel.id() + ": left out, since the time was up");
          continue;
        }
        timings.addAll(cpu.time(kernel, kernel.id().startsWith("matmul.") ? MANY : 1));
      }
      progress.at("done", kernels.size() + 1, kernels.size() + 1);
      return new KernelReport(
          begin,
          Machine.detect(),
          Checkout.commit(),
          backend.description(),
          Hardware.PROCESSOR,
          Optional.empty(),
          Roofs.of(figures),
          timings,
          notes);
    }
  }
}

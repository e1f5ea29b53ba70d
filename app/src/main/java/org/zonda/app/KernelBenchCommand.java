package org.zonda.app;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.zonda.bench.BenchmarkProgress;
import org.zonda.bench.device.KernelReport;
import org.zonda.bench.lab.KernelBench;
import org.zonda.bench.lab.KernelCatalogue;
import org.zonda.bench.lab.KernelEntry;
import org.zonda.bench.lab.UserKernel;
import org.zonda.bench.lab.UserKernels;
import org.zonda.model.ZondaException;
import org.zonda.runtime.BackendChoice;
import org.zonda.runtime.LoadOptions;
import org.zonda.runtime.placement.DeviceBackends;
import org.zonda.runtime.placement.DeviceInfo;
import org.zonda.runtime.placement.Placement;
import org.zonda.runtime.tornado.Devices;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code zonda kernel bench}: times kernels against what the machine allows. */
@Command(
    name = "bench",
    header = "Times kernels against what the machine allows.",
    description =
        "%nEach launch reads memory of its own, and its result is checked. The roof is the measured"
            + " speed of reading memory and, on a processor, of multiply-adds. A kernel of one's"
            + " own is timed beside the one that it stands for. Where there is no GPU, the CPU's"
            + " own kernels are timed.",
    synopsisHeading = "%nUsage: ",
    sortOptions = false,
    customSynopsis = {"zonda kernel bench [OPTIONS] [ID|FILE...]"},
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  zonda kernel bench",
      "  zonda kernel bench matvec.q8_0 matmul.q8_0 --backend cpu",
      "  zonda kernel bench MyMatvec.java --backend gpu --html roofline.html"
    })
final class KernelBenchCommand implements Runnable {

  private final Console console;

  @Mixin private final CommonOptions common;

  @Parameters(
      paramLabel = "ID|FILE",
      arity = "0..*",
      description =
          "Kernels by their ids, or .java files and jars with kernels of one's own: each in all"
              + " shapes (default: one of each format, in one shape).")
  private List<String> targets = List.of();

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      order = 1,
      description =
          "auto: a GPU where there is one, else the CPU; cpu; gpu: any device of TornadoVM's; or"
              + " simulator, whose times say nothing (default: auto).")
  private BackendChoice backend = BackendChoice.AUTO;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      order = 2,
      description = "Which device: its number, or a part of its name.")
  private String device;

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      order = 3,
      description = "Threads of the CPU (default: one a core).")
  private int threads;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      order = 4,
      description = "Begin no further kernel after so long (default: ${DEFAULT-VALUE}).")
  private int seconds = 60;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      order = 5,
      description = "Write a page with the roofline, too.")
  private String html;

  @Option(names = "--json", order = 6, description = "Print one JSON object.")
  private boolean json;

  KernelBenchCommand(Console console) {
    this.console = console;
    common = new CommonOptions(console);
  }

  @Override
  public void run() {
    LoadOptions options = options();
    if (html != null) {
      ReportFiles.checkWritable(UserPath.of(html));
    }
    List<KernelEntry> named = new ArrayList<>();
    List<UserKernel> own = new ArrayList<>();
    for (String target : targets) {
      if (KernelShowCommand.isFile(target)) {
        own.addAll(UserKernels.load(UserPath.of(target)).all());
      } else {
        named.add(KernelCatalogue.get(target));
      }
    }
    KernelReport report = report(options, named, own);
    console.out().print(json ? report.toJson() + "\n" : report.toText()).flush();
    if (html != null) {
      ReportFiles.write(UserPath.of(html), report.toHtml());
    }
  }

  private LoadOptions options() {
    if (seconds < 1) {
      throw new UsageException("--seconds is " + seconds + "; it must be at least 1");
    }
    try {
      LoadOptions options = LoadOptions.DEFAULT.withBackend(backend).withThreads(threads);
      return device == null ? options : options.withDevice(device);
    } catch (ZondaException e) {
      throw new UsageException(e.getMessage());
    }
  }

  private KernelReport report(LoadOptions options, List<KernelEntry> named, List<UserKernel> own) {
    Duration budget = Duration.ofSeconds(seconds);
    Optional<DeviceInfo> chosen = Placement.deviceIfAny(options, DeviceBackends.installed());
    if (chosen.isPresent()) {
      return KernelBench.onDevice(
          Devices.numbered(chosen.get().number()), named, own, budget, progress());
    }
    if (!own.isEmpty()) {
      throw new ZondaException(
          "%s runs on devices, and there is none to time it on; --backend gpu takes any device of TornadoVM's, and zonda kernel check runs it on the simulator"
              .formatted(own.getFirst().name()));
    }
    return KernelBench.onCpu(named, threads, budget, progress());
  }

  /** One line that changes, where a person waits; nothing in a script. */
  private BenchmarkProgress progress() {
    if (!console.errIsTerminal()) {
      return BenchmarkProgress.none();
    }
    return (step, completed, total) -> {
      String line = completed == total ? "" : step + " (" + (completed + 1) + " of " + total + ")";
      console.err().print("\r\u001b[K" + Printable.line(line)).flush();
    };
  }
}

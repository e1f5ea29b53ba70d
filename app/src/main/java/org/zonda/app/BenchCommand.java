package org.zonda.app;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.zonda.bench.BenchmarkMatrix;
import org.zonda.bench.BenchmarkOptions;
import org.zonda.bench.BenchmarkProgress;
import org.zonda.bench.BenchmarkReport;
import org.zonda.bench.MachineFigures;
import org.zonda.bench.ThroughputBenchmark;
import org.zonda.bench.device.KernelReport;
import org.zonda.bench.lab.KernelBench;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.graph.Transformer;
import org.zonda.runtime.LoadOptions;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.placement.DeviceBackends;
import org.zonda.runtime.placement.DeviceInfo;
import org.zonda.runtime.placement.Placement;
import org.zonda.runtime.tornado.Devices;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code zonda bench}: how fast models are here. */
@Command(
    name = "bench",
    header = "Measures how many tokens a second a model reads and writes here.",
    description =
        "%nReading (pp: prompt processing) takes many tokens in one pass, writing (tg: text"
            + " generation) one. As llama-bench does: random tokens, no sampling, a warm-up first."
            + " Options with commas take several values, and every combination is measured;"
            + " Ctrl-C prints what there is by then. Anything else that runs on the machine"
            + " disturbs the figures.",
    synopsisHeading = "%nUsage: ",
    sortOptions = false,
    customSynopsis = {"zonda bench [OPTIONS]"},
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  zonda bench -m model.gguf",
      "  zonda bench -m a.gguf -m b.gguf -p 128,512 -t 1,2 --csv rows.csv",
      "  zonda bench --synthetic llama-1b:q8_0,q4_0 -p 512 -n 32 -r 3 --json",
      "  zonda bench --synthetic llama-1b:q4_0 --save synthetic.gguf",
      "  zonda bench -m model.gguf -p 0 -n 32 -d 0,1024,4096 --limits",
      "  zonda bench -m model.gguf -p 0 -n 32 -d 512 --sequences 1,2,4,8",
      "  zonda bench -m model.gguf --backend gpu --gpu-layers all",
      "  zonda bench --kernels --backend gpu"
    })
final class BenchCommand implements Callable<Integer> {

  /** After which no further kernel is begun. */
  private static final int KERNEL_SECONDS = 60;

  private static final int MAX_WARM_UP_SECONDS = 3600;

  private final Console console;

  @Mixin private final CommonOptions common;

  @Mixin private final BenchModels models = new BenchModels();

  @Option(
      names = {"-p", "--prompt"},
      paramLabel = "N",
      split = ",",
      order = 4,
      description = "Tokens of the prompt; 0: do not measure reading (default: 512).")
  private List<Integer> promptTokens = BenchmarkOptions.DEFAULT.promptTokens();

  @Option(
      names = {"-n", "--tokens"},
      paramLabel = "N",
      split = ",",
      order = 5,
      description = "Tokens to write; 0: do not measure writing (default: 64).")
  private List<Integer> generatedTokens = BenchmarkOptions.DEFAULT.generatedTokens();

  @Option(
      names = {"-d", "--depth"},
      paramLabel = "N",
      split = ",",
      order = 6,
      description = "Tokens that are in the context before (default: 0).")
  private List<Integer> depths = BenchmarkOptions.DEFAULT.depths();

  @Option(
      names = "--sequences",
      paramLabel = "N",
      split = ",",
      order = 7,
      description =
          "Texts that are written at once, a token of each in a pass; they share the tokens of"
              + " --depth (default: 1).")
  private List<Integer> sequences = BenchmarkOptions.DEFAULT.sequences();

  @Option(
      names = {"-r", "--repetitions"},
      paramLabel = "N",
      order = 8,
      description = "How often to measure (default: ${DEFAULT-VALUE}).")
  private int repetitions = BenchmarkOptions.DEFAULT.repetitions();

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      order = 8,
      description =
          "How long reading and writing run unmeasured first, at least once (default:"
              + " ${DEFAULT-VALUE}).")
  private double warmUp = ThroughputBenchmark.WARM_UP.toMillis() / 1e3;

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      split = ",",
      order = 9,
      description = "Worker threads (default: one a core).")
  private List<Integer> threads = List.of(0);

  @Option(
      names = {"-b", "--batch"},
      paramLabel = "N",
      split = ",",
      order = 10,
      description = "Prompt tokens that one pass takes (default: 512).")
  private List<Integer> batches = List.of(BenchmarkOptions.DEFAULT.batchSize());

  @Option(
      names = "--cache-type",
      paramLabel = "TYPE",
      split = ",",
      order = 11,
      description = "How the KV cache stores numbers: f16 or f32 (default: f16).")
  private List<CacheType> cacheTypes = List.of(BenchmarkOptions.DEFAULT.cacheType());

  @Option(
      names = "--limits",
      order = 12,
      description =
          "Measure first how fast memory can be read and how many multiply-adds the processor does,"
              + " and print what share of reading each test of writing reaches; with -p 0 -n 0 only"
              + " that.")
  private boolean limits;

  @ArgGroup(validate = false, order = 1, heading = "%nDevice:%n")
  private PlacingOptions placing = new PlacingOptions();

  @Option(
      names = "--kernels",
      order = 13,
      description =
          "Measure no model, but the kernels of the device by themselves, and what share of its"
              + " memory's speed each reaches.")
  private boolean kernels;

  @Mixin private final BenchOutput output = new BenchOutput();

  /** Guarded by this object, as printing is. */
  private boolean printed;

  /** The last that was used. */
  private Placement placement;

  BenchCommand(Console console) {
    this.console = console;
    common = new CommonOptions(console);
  }

  @Override
  public Integer call() {
    models.check();
    output.check(kernels);
    if (kernels) {
      measureKernels();
      return ExitCode.OK;
    }
    if (nothing() && models.saved()) {
      models.write(console);
      return ExitCode.OK;
    }
    if (nothing() && limits && !models.named()) {
      output.write(BenchmarkReport.ofMachine(machine()), console);
      return ExitCode.OK;
    }
    List<BenchmarkOptions> options = options();
    List<Supplier<ModelSource>> sources = models.open(console);
    try (ByteBar bar = new ByteBar(console, "upload")) {
      return placing.planOnly() ? plan(sources, options, bar) : measure(sources, options, bar);
    }
  }

  /** By the threads that are asked for; otherwise by one, and by one for each core. */
  private List<MachineFigures> machine() {
    checkThreads();
    return threads.equals(List.of(0))
        ? MachineFigures.measure()
        : threads.stream()
            .map(count -> count > 0 ? count : Runtime.getRuntime().availableProcessors())
            .distinct()
            .map(MachineFigures::measure)
            .toList();
  }

  private boolean nothing() {
    return promptTokens.equals(List.of(0)) && generatedTokens.equals(List.of(0));
  }

  private int measure(
      List<Supplier<ModelSource>> sources, List<BenchmarkOptions> options, ByteBar bar) {
    BenchmarkMatrix matrix =
        new BenchmarkMatrix(
            sources,
            threads,
            count -> placement(count, bar),
            options,
            progress(),
            Duration.ofMillis(Math.round(1e3 * warmUp)));
    try (Interrupt _ = Interrupt.ends(() -> interrupted(matrix))) {
      if (limits) {
        matrix.measureMachine();
      }
      BenchmarkReport report = matrix.run();
      print(report, "");
      return report.notes().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }
  }

  /** Called by another thread while this one measures. */
  private void interrupted(BenchmarkMatrix matrix) {
    BenchmarkReport report = matrix.soFar();
    if (report.runs().isEmpty()) {
      print(null, "zonda: interrupted before anything was measured");
    } else {
      print(report, "zonda: interrupted; what was not measured by then is missing");
    }
  }

  /** Prints once, whoever comes first. */
  private synchronized void print(BenchmarkReport report, String remark) {
    if (printed) {
      return;
    }
    printed = true;
    if (console.errIsTerminal()) {
      console.err().print("\r\u001b[K").flush();
    }
    if (report != null) {
      if (output.printsTable() && placement != null && remark.isEmpty()) {
        Planning.tell(console, placement.plan());
      }
      output.write(report, console);
      if (!output.printsTable()) {
        report.notes().forEach(note -> console.err().println(Printable.line("zonda: " + note)));
      }
    }
    if (!remark.isEmpty()) {
      console.err().println(remark);
    }
  }

  private int plan(
      List<Supplier<ModelSource>> sources, List<BenchmarkOptions> options, ByteBar bar) {
    for (Supplier<ModelSource> model : sources) {
      try (ModelSource source = model.get();
          Placement place = placement(threads.getFirst(), bar)) {
        Transformer transformer = ThroughputBenchmark.describe(source);
        Planning.show(
            console,
            source,
            place.plan(
                transformer, source, options.getFirst().executorOptions(source, transformer)),
            output.printsJson());
      }
    }
    return ExitCode.OK;
  }

  private void measureKernels() {
    if (models.named()) {
      throw new UsageException("--kernels measures no model; leave out --model and --synthetic");
    }
    if (placing.namesKernels()) {
      throw new UsageException(
          "--kernels measures Zonda's own; zonda kernel bench FILE times those of --kernel");
    }
    LoadOptions options = placing.applyTo(LoadOptions.DEFAULT);
    DeviceInfo device = Placement.device(options, DeviceBackends.installed());
    KernelReport report =
        KernelBench.onDevice(
            Devices.numbered(device.number()),
            List.of(),
            List.of(),
            Duration.ofSeconds(KERNEL_SECONDS),
            progress());
    output.write(report, console);
  }

  /** The context is as long as the tests need it, so it may not be shortened. */
  private Placement placement(int count, ByteBar bar) {
    LoadOptions load = placing.applyTo(LoadOptions.DEFAULT.withThreads(count));
    placement = new Placement(load.withProgress(bar), false, DeviceBackends.installed());
    return placement;
  }

  private void checkThreads() {
    try {
      for (int count : threads) {
        placing.applyTo(LoadOptions.DEFAULT.withThreads(count));
      }
    } catch (ZondaException e) {
      throw new UsageException(e.getMessage());
    }
  }

  /** One for each load; refuses what cannot be before a model is made. */
  private List<BenchmarkOptions> options() {
    if (!(warmUp >= 0 && warmUp <= MAX_WARM_UP_SECONDS)) {
      throw new UsageException(
          "--warm-up is " + warmUp + "; it must be from 0 to " + MAX_WARM_UP_SECONDS + " seconds");
    }
    checkThreads();
    try {
      List<BenchmarkOptions> options = new ArrayList<>();
      for (CacheType cacheType : cacheTypes) {
        for (int batch : batches) {
          options.add(
              new BenchmarkOptions(
                  promptTokens, generatedTokens, depths, sequences, repetitions, batch, cacheType));
        }
      }
      return options;
    } catch (ZondaException e) {
      throw new UsageException(e.getMessage());
    }
  }

  /** One line that changes, where a person waits; in a script nothing, or with --verbose all. */
  private BenchmarkProgress progress() {
    boolean terminal = console.errIsTerminal();
    if (!terminal && !console.verbose()) {
      return BenchmarkProgress.none();
    }
    return (step, completed, total) -> {
      String line =
          completed == total ? "" : step + " (step " + (completed + 1) + "/" + total + ")";
      tell(terminal ? "\r\u001b[K" + line : line + "\n");
    };
  }

  private synchronized void tell(String text) {
    if (!printed) {
      console.err().print(text).flush();
    }
  }
}

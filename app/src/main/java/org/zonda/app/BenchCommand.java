package org.zonda.app;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.zonda.bench.BenchmarkOptions;
import org.zonda.bench.BenchmarkProgress;
import org.zonda.bench.BenchmarkReport;
import org.zonda.bench.ThroughputBenchmark;
import org.zonda.bench.device.KernelBenchmark;
import org.zonda.bench.device.KernelReport;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.architecture.Architectures;
import org.zonda.model.gguf.GgufFile;
import org.zonda.model.graph.Transformer;
import org.zonda.model.synthetic.SyntheticModel;
import org.zonda.runtime.LoadOptions;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.placement.DeviceBackends;
import org.zonda.runtime.placement.DeviceInfo;
import org.zonda.runtime.placement.MemoryPlan;
import org.zonda.runtime.placement.Placement;
import org.zonda.runtime.tornado.Devices;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code zonda bench}: how fast a model is here. */
@Command(
    name = "bench",
    header = "Measures how many tokens a second a model reads and writes here.",
    description =
        "%nReading (pp: prompt processing) takes many tokens in one pass, writing (tg: text"
            + " generation) one. As llama-bench does: random tokens, no sampling, a warm-up first."
            + " Anything else that runs on the machine disturbs the figures.",
    synopsisHeading = "%nUsage: ",
    sortOptions = false,
    customSynopsis = {"zonda bench [OPTIONS]"},
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  zonda bench -m model.gguf",
      "  zonda bench --synthetic llama-1b:q8_0 -p 512 -n 32 -r 3 --json",
      "  zonda bench --synthetic llama-1b:q4_0 --save synthetic.gguf",
      "  zonda bench -m model.gguf -p 0 -n 32 -d 0,1024,4096",
      "  zonda bench -m model.gguf --backend gpu --gpu-layers all",
      "  zonda bench --kernels --backend gpu"
    })
final class BenchCommand implements Runnable {

  private static final long SEED = 1;

  /** After which no further kernel is begun. */
  private static final int KERNEL_SECONDS = 60;

  private final Console console;

  @Mixin private final CommonOptions common;

  @Mixin private final ModelOption model = new ModelOption();

  @Option(
      names = "--synthetic",
      paramLabel = "SHAPE:FORMAT",
      order = 2,
      description =
          "Measure random weights of a real shape, such as llama-1b:q8_0, made in memory: nothing"
              + " need be downloaded. A wrong name lists the known ones.")
  private String synthetic;

  @Option(
      names = "--save",
      paramLabel = "FILE",
      order = 3,
      description =
          "Write the synthetic model to a new GGUF file, and measure that; with -p 0 -n 0 only write"
              + " it.")
  private String save;

  @Option(
      names = {"-p", "--prompt"},
      paramLabel = "N",
      order = 4,
      description = "Tokens of the prompt; 0: do not measure reading (default: ${DEFAULT-VALUE}).")
  private int promptTokens = BenchmarkOptions.DEFAULT.promptTokens();

  @Option(
      names = {"-n", "--tokens"},
      paramLabel = "N",
      order = 5,
      description = "Tokens to write; 0: do not measure writing (default: ${DEFAULT-VALUE}).")
  private int generatedTokens = BenchmarkOptions.DEFAULT.generatedTokens();

  @Option(
      names = {"-d", "--depth"},
      paramLabel = "N",
      split = ",",
      order = 6,
      description =
          "Tokens that are in the context before; several are measured in turn (default: 0).")
  private List<Integer> depths = BenchmarkOptions.DEFAULT.depths();

  @Option(
      names = {"-r", "--repetitions"},
      paramLabel = "N",
      order = 7,
      description = "How often to measure (default: ${DEFAULT-VALUE}).")
  private int repetitions = BenchmarkOptions.DEFAULT.repetitions();

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      order = 8,
      description = "Worker threads (default: one a core).")
  private int threads;

  @Option(
      names = {"-b", "--batch"},
      paramLabel = "N",
      order = 9,
      description = "Prompt tokens that one pass takes (default: ${DEFAULT-VALUE}).")
  private int batch = BenchmarkOptions.DEFAULT.batchSize();

  @Option(
      names = "--cache-type",
      paramLabel = "TYPE",
      order = 10,
      description = "How the KV cache stores numbers: f16 or f32 (default: f16).")
  private CacheType cacheType = BenchmarkOptions.DEFAULT.cacheType();

  @ArgGroup(validate = false, order = 1, heading = "%nDevice:%n")
  private PlacingOptions placing = new PlacingOptions();

  @Option(
      names = "--kernels",
      order = 11,
      description =
          "Measure no model, but the kernels of the device by themselves, and what share of its"
              + " memory's speed each reaches.")
  private boolean kernels;

  @Option(
      names = "--json",
      order = 12,
      description = "Print one JSON object: machine, model, and every measurement.")
  private boolean json;

  BenchCommand(Console console) {
    this.console = console;
    common = new CommonOptions(console);
  }

  @Override
  public void run() {
    if (synthetic != null && model.named()) {
      throw new UsageException("--synthetic and --model name two models; give one");
    }
    if (save != null && synthetic == null) {
      throw new UsageException("--save writes a synthetic model; name one with --synthetic");
    }
    if (kernels) {
      measureKernels();
      return;
    }
    if (save != null && promptTokens == 0 && generatedTokens == 0) {
      write();
      return;
    }
    BenchmarkOptions options = options();
    try (ModelSource source = source();
        UploadBar bar = new UploadBar(console);
        Placement placement = placement(bar)) {
      if (placing.planOnly()) {
        Planning.show(console, source, plan(source, placement, options), json);
        return;
      }
      BenchmarkReport report = ThroughputBenchmark.run(source, placement, options, progress());
      if (!json) {
        Planning.tell(console, placement.plan());
      }
      console.out().print(json ? report.toJson() + "\n" : report.toText()).flush();
    }
  }

  private void measureKernels() {
    if (synthetic != null || model.named()) {
      throw new UsageException("--kernels measures no model; leave out --model and --synthetic");
    }
    LoadOptions options = placing.applyTo(LoadOptions.DEFAULT);
    DeviceInfo device = Placement.device(options, DeviceBackends.installed());
    KernelReport report =
        KernelBenchmark.run(
            Devices.numbered(device.number()), Duration.ofSeconds(KERNEL_SECONDS), progress());
    console.out().print(json ? report.toJson() + "\n" : report.toText()).flush();
  }

  /** The context is as long as the tests need it, so it may not be shortened. */
  private Placement placement(UploadBar bar) {
    LoadOptions load = placing.applyTo(LoadOptions.DEFAULT.withThreads(threads));
    return new Placement(load.withProgress(bar), false, DeviceBackends.installed());
  }

  private static MemoryPlan plan(
      ModelSource source, Placement placement, BenchmarkOptions options) {
    Transformer transformer = Architectures.describe(source);
    return placement.plan(transformer, source, options.executorOptions(source, transformer));
  }

  private BenchmarkOptions options() {
    try {
      // Refuse what cannot be before a model is made.
      placing.applyTo(LoadOptions.DEFAULT.withThreads(threads));
      return new BenchmarkOptions(
          promptTokens, generatedTokens, depths, repetitions, batch, cacheType);
    } catch (ZondaException e) {
      throw new UsageException(e.getMessage());
    }
  }

  private ModelSource source() {
    if (synthetic == null) {
      return model.choose(console).open();
    }
    if (save == null) {
      say("making " + synthetic + " in memory");
      return SyntheticModel.create(synthetic, SEED);
    }
    return GgufFile.open(write());
  }

  private Path write() {
    Path file = UserPath.of(save);
    say("writing " + synthetic + " to " + file);
    SyntheticModel.write(synthetic, SEED, file);
    return file;
  }

  /** One line that changes, where a person waits; nothing in a script. */
  private BenchmarkProgress progress() {
    if (!console.errIsTerminal()) {
      return BenchmarkProgress.none();
    }
    return (step, completed, total) -> {
      String line =
          completed == total ? "" : step + " (step " + (completed + 1) + "/" + total + ")";
      console.err().print("\r\u001b[K" + line).flush();
    };
  }

  private void say(String text) {
    console.err().println(console.errStyle().dim(Printable.line(text)));
  }
}

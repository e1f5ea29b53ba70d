package org.zonda.app;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.zonda.bench.BenchmarkOptions;
import org.zonda.bench.BenchmarkProgress;
import org.zonda.bench.compare.Candidate;
import org.zonda.bench.compare.Comparison;
import org.zonda.bench.compare.ComparisonReport;
import org.zonda.bench.compare.Surroundings;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.lora.AdapterChoice;
import org.zonda.model.synthetic.SyntheticModel;
import org.zonda.runtime.backend.CacheType;
import org.zonda.tornado.Availability;
import org.zonda.tornado.Settings;
import org.zonda.tornado.TornadoSdk;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code zonda compare}: the same model on the CPU, on the GPU, and split between them. */
@Command(
    name = "compare",
    header = "Measures the same model on the CPU, on the GPU, and split between them.",
    description =
        "%nThey take turns and are loaded anew each round: loading, the first token, reading,"
            + " writing, memory, and what share of the memory's measured speed writing uses.",
    synopsisHeading = "%nUsage: ",
    sortOptions = false,
    customSynopsis = {"zonda compare [OPTIONS]"},
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  zonda compare -m model.gguf",
      "  zonda compare -m model.gguf --gpu-layers all,16,8 --html compare.html",
      "  zonda compare --synthetic llama-1b:q8_0 -d 0,2048 --json compare.json",
      "  zonda compare -m model.gguf --backends cpu --threads 1,2,4"
    })
final class CompareCommand implements Runnable {

  private static final long SEED = 1;

  private final Console console;

  @Mixin private final CommonOptions common;

  @Mixin private final ModelOption model = new ModelOption();

  @Option(
      names = "--synthetic",
      paramLabel = "SHAPE:FORMAT",
      order = 2,
      description =
          "Random weights of a real shape, such as llama-1b:q8_0, made in memory. A wrong name"
              + " lists the known ones.")
  private String synthetic;

  @Option(
      names = "--lora",
      paramLabel = "PATH[:SCALE]",
      order = 2,
      description =
          "Apply a LoRA adapter, a GGUF file or a PEFT folder, scaled (default: 1). May be given"
              + " several times.")
  private List<String> adapters = List.of();

  @Option(
      names = "--backends",
      paramLabel = "NAME",
      split = ",",
      order = 3,
      description =
          "What to compare: cpu, gpu and simulator (default: cpu, and gpu where there is one).")
  private List<String> backends = List.of();

  @Option(
      names = "--gpu-layers",
      paramLabel = "N",
      split = ",",
      order = 4,
      description =
          "Layers that run on the GPU or the simulator: all, auto or a number; each is compared"
              + " (default: auto, as many as fit).")
  private List<String> gpuLayers = List.of();

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      split = ",",
      order = 5,
      description = "Worker threads of the CPU; each is compared (default: one a core).")
  private List<Integer> threads = List.of(0);

  @Option(
      names = {"-p", "--prompt"},
      paramLabel = "N",
      order = 6,
      description = "Tokens of the prompt; 0: do not measure reading (default: ${DEFAULT-VALUE}).")
  private int promptTokens = BenchmarkOptions.DEFAULT.promptTokens().getFirst();

  @Option(
      names = {"-n", "--tokens"},
      paramLabel = "N",
      order = 7,
      description = "Tokens to write; 0: do not measure writing (default: ${DEFAULT-VALUE}).")
  private int generatedTokens = BenchmarkOptions.DEFAULT.generatedTokens().getFirst();

  @Option(
      names = {"-d", "--depth"},
      paramLabel = "N",
      split = ",",
      order = 8,
      description =
          "Tokens that are in the context before; several are measured in turn (default: 0).")
  private List<Integer> depths = BenchmarkOptions.DEFAULT.depths();

  @Option(
      names = {"-r", "--rounds"},
      paramLabel = "N",
      order = 9,
      description = "How often each takes its turn (default: ${DEFAULT-VALUE}).")
  private int rounds = 3;

  @Option(
      names = {"-b", "--batch"},
      paramLabel = "N",
      order = 10,
      description = "Prompt tokens that one pass takes (default: ${DEFAULT-VALUE}).")
  private int batch = BenchmarkOptions.DEFAULT.batchSize();

  @Option(
      names = "--cache-type",
      paramLabel = "TYPE",
      order = 11,
      description = "How the KV cache stores numbers: f16 or f32 (default: f16).")
  private CacheType cacheType = BenchmarkOptions.DEFAULT.cacheType();

  @Option(
      names = "--json",
      paramLabel = "FILE",
      order = 12,
      description = "Write every measurement to a JSON file too.")
  private String json;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      order = 13,
      description = "Write a page with charts too; it needs no other file.")
  private String html;

  CompareCommand(Console console) {
    this.console = console;
    common = new CommonOptions(console);
  }

  @Override
  public void run() {
    if (synthetic != null && model.named()) {
      throw new UsageException("--synthetic and --model name two models; give one");
    }
    BenchmarkOptions options = options();
    Surroundings surroundings = Surroundings.here(tornado());
    List<Candidate> candidates = candidates(surroundings);
    List<Path> files = Stream.of(json, html).filter(Objects::nonNull).map(UserPath::of).toList();
    files.forEach(ReportFiles::checkWritable);
    List<String> notes =
        backends.isEmpty()
            ? CandidateList.noGpu(surroundings).map(why -> "no GPU: " + why).stream().toList()
            : List.of();
    ComparisonReport report = compare(candidates, options, surroundings, notes);
    console.out().print(report.toText()).flush();
    if (json != null) {
      ReportFiles.write(UserPath.of(json), report.toJson() + "\n");
    }
    if (html != null) {
      ReportFiles.write(UserPath.of(html), report.toHtml());
    }
  }

  private ComparisonReport compare(
      List<Candidate> candidates,
      BenchmarkOptions options,
      Surroundings surroundings,
      List<String> notes) {
    List<AdapterChoice> choices = Adapters.parse(adapters);
    if (synthetic == null) {
      ModelChoice choice = model.chooseWithoutText(console);
      Supplier<ModelSource> open = () -> Adapters.apply(choice.open(), choices);
      return Comparison.run(open, candidates, options, surroundings, notes, progress());
    }
    say("making " + synthetic + " in memory");
    try (ModelSource source = SyntheticModel.create(synthetic, SEED)) {
      Supplier<ModelSource> again = () -> Adapters.apply(new BorrowedModel(source), choices);
      return Comparison.run(again, candidates, options, surroundings, notes, progress());
    }
  }

  private BenchmarkOptions options() {
    try {
      return new BenchmarkOptions(promptTokens, generatedTokens, depths, rounds, batch, cacheType);
    } catch (ZondaException e) {
      throw new UsageException(e.getMessage());
    }
  }

  /** The version of TornadoVM in this JVM. */
  private Optional<String> tornado() {
    return Availability.present()
        ? console
            .variable(Settings.HOME)
            .map(home -> TornadoSdk.read(UserPath.of(home), Settings.HOME).version())
        : Optional.empty();
  }

  private List<Candidate> candidates(Surroundings surroundings) {
    try {
      CandidateList list = new CandidateList(threads, gpuLayers);
      return backends.isEmpty() ? list.available(surroundings) : list.named(backends);
    } catch (ZondaException e) {
      throw new UsageException(e.getMessage());
    }
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

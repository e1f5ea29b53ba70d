package org.zonda.app;

import java.util.List;
import java.util.concurrent.Callable;
import org.zonda.model.ZondaException;
import org.zonda.model.architecture.Architectures;
import org.zonda.model.gguf.GgufFile;
import org.zonda.model.lora.AdapterChoice;
import org.zonda.runtime.BackendChoice;
import org.zonda.runtime.Cancellation;
import org.zonda.runtime.LanguageModel;
import org.zonda.runtime.LoadOptions;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.evaluation.Agreement;
import org.zonda.runtime.evaluation.AgreementResult;
import org.zonda.runtime.evaluation.EvaluationOptions;
import org.zonda.runtime.evaluation.Perplexity;
import org.zonda.runtime.evaluation.PerplexityResult;
import org.zonda.runtime.evaluation.Windowing;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code zonda perplexity}: how well a model predicts a text, and what makes it worse. */
@Command(
    name = "perplexity",
    header = "Measures how well a model predicts a text, and how far another is from it.",
    description =
        "%nThe text is read in windows that overlap; every token is scored once. Lower is better."
            + " Perplexities of models with different vocabularies compare by their bits per byte."
            + " Names of special tokens in the text are plain text.",
    synopsisHeading = "%nUsage: ",
    sortOptions = false,
    customSynopsis = {"zonda perplexity [OPTIONS] -f FILE"},
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  zonda perplexity -m model.gguf -f text.txt",
      "  zonda perplexity -m model-f16.gguf --compare model-q4.gguf -f text.txt",
      "  zonda perplexity -m model.gguf --compare-backend gpu -f text.txt",
      "  zonda perplexity -m model.gguf -f wiki.test.raw --like-llama-cpp"
    })
final class PerplexityCommand implements Callable<Integer> {

  /** As in most tables of perplexities. */
  private static final int CONTEXT = 512;

  private final Console console;

  @Mixin private final CommonOptions common;

  @Parameters(
      paramLabel = "TEXT",
      arity = "0..*",
      description = "The text itself; - reads it from standard input.")
  private List<String> words;

  @Mixin private final TextInput input = new TextInput();

  @Mixin private final ModelOption model = new ModelOption();

  @Option(
      names = "--compare",
      paramLabel = "FILE",
      order = 2,
      description =
          "Compare another model of the same vocabulary, such as a quantised one, with this one,"
              + " whose predictions count as true: KL divergence, how often both hold the same"
              + " token for the likeliest, and the largest difference of two logits.")
  private String compare;

  @Option(
      names = "--compare-backend",
      paramLabel = "NAME",
      order = 3,
      description =
          "Compare the model on another backend, cpu, gpu or simulator, with itself on --backend,"
              + " or on the CPU where that is not given.")
  private BackendChoice compareBackend;

  @Option(
      names = {"-c", "--context"},
      paramLabel = "N",
      order = 4,
      description =
          "Tokens of a window, with the BOS that it begins with where the model's prompts do"
              + " (default: 512, or what the model was made for if less).")
  private int context;

  @Option(
      names = "--stride",
      paramLabel = "N",
      order = 5,
      description =
          "Tokens from one window to the next; a smaller one gives tokens more context and takes"
              + " longer (default: half the context).")
  private int stride;

  @Option(
      names = "--chunks",
      paramLabel = "N",
      order = 6,
      description = "Read the first N windows only (default: all).")
  private int chunks;

  @Option(
      names = "--like-llama-cpp",
      order = 7,
      description =
          "Cut the text as llama-perplexity does, to compare numbers: windows side by side, of"
              + " which the second half is scored; the BOS takes the place of their first token.")
  private boolean likeLlamaCpp;

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      order = 8,
      description = "Worker threads (default: one a core).")
  private int threads = LoadOptions.DEFAULT.threads();

  @Option(
      names = {"-b", "--batch"},
      paramLabel = "N",
      order = 9,
      description = "Tokens that one pass takes (default: ${DEFAULT-VALUE}).")
  private int batch = LoadOptions.DEFAULT.batchSize();

  @Option(
      names = "--cache-type",
      paramLabel = "TYPE",
      order = 10,
      description = "How the KV cache stores numbers: f16 or f32 (default: f16).")
  private CacheType cacheType = LoadOptions.DEFAULT.cacheType();

  @Option(
      names = "--lora",
      paramLabel = "PATH[:SCALE]",
      order = 11,
      description =
          "Apply a LoRA adapter to the model, not to one that --compare names. May be given several"
              + " times.")
  private List<String> adapters = List.of();

  @Option(names = "--json", order = 12, description = "Print one JSON object.")
  private boolean json;

  @ArgGroup(validate = false, order = 1, heading = "%nDevice:%n")
  private PlacingOptions placing = new PlacingOptions();

  PerplexityCommand(Console console) {
    this.console = console;
    common = new CommonOptions(console);
  }

  @Override
  public Integer call() {
    EvaluationOptions options = options();
    if (compareBackend == BackendChoice.AUTO) {
      throw new UsageException(
          "--compare-backend auto names no backend; it is cpu, gpu or simulator");
    }
    ModelChoice choice = model.choose(console);
    ModelChoice other = compare == null ? choice : ModelChoice.of(compare, console);
    boolean compared = compare != null || compareBackend != null;
    LoadOptions load = loadOptions(choice, other);
    if (placing.planOnly()) {
      return Planning.show(console, choice, load, json);
    }
    String text = input.read(words, "text", console);
    try (LanguageModel base = choice.load(base(load), console)) {
      announce(base, choice);
      if (!compared) {
        return measure(base, text, options);
      }
      try (LanguageModel second = other.load(other(load), console)) {
        announce(second, other);
        return compare(base, second, text, options);
      }
    }
  }

  private EvaluationOptions options() {
    if (context < 0 || stride < 0 || chunks < 0) {
      throw new UsageException("--context, --stride and --chunks must be at least 1");
    }
    try {
      return new EvaluationOptions(
          likeLlamaCpp ? Windowing.SECOND_HALVES : Windowing.STRIDED, stride, chunks);
    } catch (ZondaException e) {
      throw new UsageException(e.getMessage());
    }
  }

  private LoadOptions loadOptions(ModelChoice... choices) {
    int window = context;
    if (window == 0) {
      window = CONTEXT;
      for (ModelChoice choice : choices) {
        try (GgufFile source = choice.open()) {
          window = Math.min(window, Architectures.describe(source).contextLength());
        }
      }
    }
    try {
      return placing.applyTo(
          LoadOptions.DEFAULT
              .withContextLength(window)
              .withSequences(1)
              .withBatchSize(batch)
              .withThreads(threads)
              .withCacheType(cacheType)
              .withAdapters(adapters.stream().map(AdapterChoice::parse).toList()));
    } catch (ZondaException e) {
      throw new UsageException(e.getMessage());
    }
  }

  /** What a backend is compared with is the CPU, unless that itself is compared. */
  private LoadOptions base(LoadOptions load) {
    boolean toCpu =
        compareBackend != null
            && compareBackend != BackendChoice.CPU
            && load.backend() == BackendChoice.AUTO;
    return toCpu ? load.withBackend(BackendChoice.CPU) : load;
  }

  private LoadOptions other(LoadOptions load) {
    LoadOptions same = compare == null ? load : load.withAdapters(List.of());
    return compareBackend == null ? same : same.withBackend(compareBackend);
  }

  private void announce(LanguageModel languageModel, ModelChoice choice) {
    if (!json) {
      Announcement.print(console, languageModel, choice);
    }
  }

  private int measure(LanguageModel base, String text, EvaluationOptions options) {
    Cancellation cancellation = new Cancellation();
    EvaluationText words = new EvaluationText(console);
    try (Interrupt _ = Interrupt.cancels(cancellation)) {
      PerplexityResult result;
      try {
        result = Perplexity.measure(base, text, options, words::progress, cancellation);
      } finally {
        words.clear();
      }
      if (json) {
        EvaluationJson.write(console.out(), base, options, result);
      } else if (result.tokens() > 0) {
        words.print(base, result);
      }
      return end(result, words);
    }
  }

  private int compare(
      LanguageModel base, LanguageModel other, String text, EvaluationOptions options) {
    Cancellation cancellation = new Cancellation();
    EvaluationText words = new EvaluationText(console);
    try (Interrupt _ = Interrupt.cancels(cancellation)) {
      AgreementResult result;
      try {
        result = Agreement.measure(base, other, text, options, words::progress, cancellation);
      } finally {
        words.clear();
      }
      if (json) {
        EvaluationJson.write(console.out(), base, other, options, result);
      } else if (result.base().tokens() > 0) {
        words.print(base, result);
      }
      return end(result.base(), words);
    }
  }

  private static int end(PerplexityResult result, EvaluationText words) {
    if (result.isComplete()) {
      return ExitCode.OK;
    }
    words.interrupted(result);
    return ExitCode.INTERRUPTED;
  }
}

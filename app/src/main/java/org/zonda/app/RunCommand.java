package org.zonda.app;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.zonda.bench.profile.ProfileReport;
import org.zonda.model.tokenizer.Tokenizer.Specials;
import org.zonda.runtime.Cancellation;
import org.zonda.runtime.FinishReason;
import org.zonda.runtime.GenerationOptions;
import org.zonda.runtime.GenerationResult;
import org.zonda.runtime.LanguageModel;
import org.zonda.runtime.LoadOptions;
import org.zonda.runtime.profile.Profiler;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code zonda run}: continues a text. */
@Command(
    name = "run",
    header = "Continues a text.",
    synopsisHeading = "%nUsage: ",
    sortOptions = false,
    customSynopsis = {"zonda run [OPTIONS] [PROMPT]"},
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  zonda run \"Once upon a time\"",
      "  zonda run -m model.gguf --temp 0 -n 60 \"The sky is\"",
      "  zonda run --seed 7 --stop \".\" --stop \"!\" \"My cat\"",
      "  zonda run -f letter.txt --json",
      "  zonda run -m model.gguf --profile -n 64 \"My cat\"",
      "  zonda run --backend simulator --kernel MyMatvec.java -n 4 \"My cat\"",
      "  zonda run -m model.gguf --gpu-layers 20 -c 4096 \"My cat\"",
      "  zonda run -m model.gguf --backend gpu --device 1 --plan",
      "  git diff | zonda run -m model.gguf -c 8192"
    })
final class RunCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private final CommonOptions common;

  @Parameters(
      paramLabel = "PROMPT",
      arity = "0..*",
      description = "The text to continue; - reads it from standard input.")
  private List<String> prompt;

  @Mixin private final TextInput input = new TextInput();

  @Mixin private final ModelOption model = new ModelOption();

  @ArgGroup(validate = false, order = 1, heading = "%nLoading:%n")
  private LoadingOptions loading = new LoadingOptions();

  @ArgGroup(validate = false, order = 2, heading = "%nDevice:%n")
  private PlacingOptions placing = new PlacingOptions();

  @ArgGroup(validate = false, order = 3, heading = "%nGeneration:%n")
  private SamplingOptions sampling = new SamplingOptions();

  @Option(
      names = "--no-special",
      order = 5,
      description = "Read names of special tokens in the prompt as plain text.")
  private boolean noSpecial;

  @Option(
      names = "--no-echo",
      order = 6,
      description = "Print the new text alone, without the prompt.")
  private boolean noEcho;

  @Option(
      names = {"-q", "--quiet"},
      order = 7,
      description = "Print no model and no statistics on standard error.")
  private boolean quiet;

  @Option(
      names = "--profile",
      order = 8,
      description =
          "Print on standard error where the time went, by operation and by layer, with bytes and"
              + " GB/s; with --json, in the object.")
  private boolean profile;

  @Option(
      names = "--json",
      order = 9,
      description =
          "Print one JSON object at the end: text, tokens, finish reason, seed, timings, model and"
              + " backend.")
  private boolean json;

  RunCommand(Console console) {
    this.console = console;
    common = new CommonOptions(console);
  }

  @Override
  public Integer call() {
    GenerationOptions options =
        sampling.applyTo(
            GenerationOptions.builder()
                .specials(noSpecial ? Specials.PLAIN : Specials.PARSED)
                .build());
    LoadOptions load = placing.applyTo(loading.toLoadOptions());
    ModelChoice choice = model.choose(console);
    if (placing.planOnly()) {
      return Planning.show(console, choice, load, json);
    }
    String text = input.read(prompt, "prompt", console);
    Optional<Profiler> profiler = profile ? Optional.of(new Profiler()) : Optional.empty();
    LoadOptions heard = profiler.map(load::withListener).orElse(load);
    try (SwappedModel swapped =
        SwappedModel.load(
            choice,
            heard,
            model -> model.tokenizer().encodePrompt(text, options.specials()),
            console)) {
      LanguageModel languageModel = swapped.model();
      Supplier<Optional<ProfileReport>> report =
          () -> profiler.map(it -> ProfileReport.of(it, languageModel.plan(), load.threads()));
      GenerationResult result;
      if (json) {
        result =
            runQuietly(languageModel, text, options, List.of(swapped.fields(), fields(report)));
      } else {
        swapped.tell(console);
        result = run(languageModel, choice, text, options);
        report.get().ifPresent(it -> console.err().print("\n" + it.toText()).flush());
      }
      return result.finishReason() == FinishReason.CANCELLED ? ExitCode.INTERRUPTED : ExitCode.OK;
    }
  }

  private GenerationResult run(
      LanguageModel languageModel, ModelChoice choice, String text, GenerationOptions options) {
    if (!quiet) {
      Announcement.print(console, languageModel, choice);
    }
    Cancellation cancellation = new Cancellation();
    try (Interrupt _ = Interrupt.cancels(cancellation)) {
      if (!noEcho) {
        print(text);
      }
      GenerationResult result;
      try {
        result = languageModel.generate(text, options, this::print, cancellation);
      } finally {
        console.out().endLine(); // what comes next, be it a failure, begins a line of its own
      }
      if (!quiet) {
        console
            .err()
            .println(console.errStyle().dim(Statistics.line(result.timings(), languageModel)));
        note(result, languageModel);
      }
      return result;
    }
  }

  private void print(String text) {
    console.out().print(console.outIsTerminal() ? Printable.text(text) : text).flush();
  }

  private void note(GenerationResult result, LanguageModel languageModel) {
    if (result.finishReason() == FinishReason.CONTEXT_FULL) {
      console
          .err()
          .println(
              "the context of %d tokens is full; -c makes it longer, --context-policy shift goes on"
                  .formatted(languageModel.contextLength()));
    }
  }

  private static Json.Fields fields(Supplier<Optional<ProfileReport>> profile) {
    return json -> {
      Optional<ProfileReport> report = profile.get();
      if (report.isPresent()) {
        json.writeObjectFieldStart("profile");
        report.get().write(json);
        json.writeEndObject();
      }
    };
  }

  private GenerationResult runQuietly(
      LanguageModel languageModel, String text, GenerationOptions options, List<Json.Fields> more) {
    Cancellation cancellation = new Cancellation();
    try (Interrupt _ = Interrupt.cancels(cancellation)) {
      GenerationResult result = languageModel.generate(text, options, _ -> {}, cancellation);
      GenerationJson.write(console.out(), languageModel, text, result, more);
      return result;
    }
  }
}

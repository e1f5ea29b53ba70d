package org.zonda.app;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.zonda.model.tokenizer.Tokenizer;
import org.zonda.model.tokenizer.Tokenizer.Specials;
import org.zonda.runtime.LanguageModel;
import org.zonda.runtime.LoadOptions;
import org.zonda.runtime.placement.MemoryPlan;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code zonda logits}: what the model expects after each token, to compare engines by. */
@Command(
    name = "logits",
    header = "Shows the logits after each token: what the model expects next.",
    synopsisHeading = "%nUsage: ",
    sortOptions = false,
    customSynopsis = {"zonda logits [OPTIONS] [TEXT]", "zonda logits [OPTIONS] --tokens IDS"},
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  zonda logits --top 3 \"Once upon a\"",
      "  zonda logits -m model.gguf --tokens 1,5,9 --json",
      "  zonda logits -m model.gguf --backend simulator \"Once\"",
      "  zonda logits --backend simulator --kernel MyMatvec.java \"Once\""
    })
final class LogitsCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private final CommonOptions common;

  @Parameters(
      paramLabel = "TEXT",
      arity = "0..*",
      description = "The text, read as a prompt is; - reads it from standard input.")
  private List<String> words;

  @Mixin private final TextInput input = new TextInput();

  @Mixin private final ModelOption model = new ModelOption();

  @ArgGroup(validate = false, order = 1, heading = "%nLoading:%n")
  private LoadingOptions loading = new LoadingOptions();

  @ArgGroup(validate = false, order = 2, heading = "%nDevice:%n")
  private PlacingOptions placing = new PlacingOptions();

  @Option(
      names = "--tokens",
      paramLabel = "IDS",
      order = 2,
      description = "Token ids instead of a text, such as 1,5,9; nothing is added to them.")
  private String ids;

  @Option(
      names = "--no-special",
      order = 3,
      description = "Read names of special tokens in the text as plain text.")
  private boolean noSpecial;

  @Option(
      names = "--top",
      paramLabel = "N",
      order = 4,
      description = "Show the N likeliest tokens of each position (default: ${DEFAULT-VALUE}).")
  private int top = 5;

  @Option(
      names = "--json",
      order = 5,
      description = "Print one JSON object with all logits of every position.")
  private boolean json;

  LogitsCommand(Console console) {
    this.console = console;
    common = new CommonOptions(console);
  }

  @Override
  public Integer call() {
    if (ids != null && words != null) {
      throw new UsageException("give either a text or --tokens, not both");
    }
    if (top < 1) {
      throw new UsageException("--top is " + top + "; it must be at least 1");
    }
    LoadOptions load = placing.applyTo(loading.toLoadOptions());
    ModelChoice choice = model.choose(console);
    if (placing.planOnly()) {
      return Planning.show(console, choice, load, json);
    }
    int[] given = ids == null ? null : TokenIds.parse(ids);
    String text = ids == null ? input.read(words, "text", console) : null;
    try (SwappedModel swapped =
        SwappedModel.load(choice, load, model -> tokens(model, given, text), console)) {
      LanguageModel languageModel = swapped.model();
      Tokenizer tokenizer = languageModel.tokenizer();
      int[] tokens = tokens(languageModel, given, text);
      float[][] logits = languageModel.logits(tokens);
      if (json) {
        Json.write(console.out(), json -> fields(json, swapped, tokens, logits));
      } else {
        swapped.tell(console);
        languageModel.plan().ifPresent(plan -> Planning.tell(console, plan));
        table(tokenizer, tokens, logits);
      }
      return ExitCode.OK;
    }
  }

  private int[] tokens(LanguageModel model, int[] given, String text) {
    Tokenizer tokenizer = model.tokenizer();
    int[] tokens =
        given != null
            ? given
            : tokenizer.encodePrompt(text, noSpecial ? Specials.PLAIN : Specials.PARSED);
    if (tokens.length == 0) {
      throw new UsageException("there are no tokens; give at least one");
    }
    TokenIds.check(tokens, tokenizer, model.source().label());
    return tokens;
  }

  private static void fields(
      JsonGenerator json, SwappedModel swapped, int[] tokens, float[][] logits) throws IOException {
    LanguageModel model = swapped.model();
    json.writeStringField("model", model.source().label());
    json.writeStringField("backend", model.backend());
    PlanJson.notes(json, model.plan().map(MemoryPlan::notes).orElse(List.of()));
    swapped.fields().write(json);
    json.writeFieldName("tokens");
    json.writeArray(tokens, 0, tokens.length);
    json.writeArrayFieldStart("logits");
    for (float[] row : logits) {
      json.writeStartArray();
      for (float logit : row) {
        json.writeNumber(logit);
      }
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  private void table(Tokenizer tokenizer, int[] tokens, float[][] logits) {
    Style style = console.outStyle();
    for (int position = 0; position < tokens.length; position++) {
      int token = tokens[position];
      console
          .out()
          .println(
              style.bold("%d: %d %s".formatted(position, token, Pieces.show(tokenizer, token))));
      float[] row = logits[position];
      double partition = logSumExp(row);
      for (int candidate : likeliest(row, top)) {
        console
            .out()
            .printf(
                "  %6.2f%%  %9.4f  %d %s%n",
                100 * Math.exp(row[candidate] - partition),
                row[candidate],
                candidate,
                Pieces.show(tokenizer, candidate));
      }
    }
    console.out().flush();
  }

  /** The logarithm of the sum of exponentials, by which logits become probabilities. */
  private static double logSumExp(float[] row) {
    double max = Double.NEGATIVE_INFINITY;
    for (float logit : row) {
      max = Math.max(max, logit);
    }
    double sum = 0;
    for (float logit : row) {
      sum += Math.exp(logit - max);
    }
    return max + Math.log(sum);
  }

  /** The indices of the largest values, the largest first, equals in their order. */
  private static int[] likeliest(float[] row, int count) {
    return IntStream.range(0, row.length)
        .boxed()
        .sorted((a, b) -> Float.compare(row[b], row[a]))
        .limit(count)
        .mapToInt(Integer::intValue)
        .toArray();
  }
}

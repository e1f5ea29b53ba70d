package org.zonda.app;

import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;
import org.zonda.model.architecture.Pooling;
import org.zonda.runtime.Embedding;
import org.zonda.runtime.EmbeddingModel;
import org.zonda.runtime.EmbeddingOptions;
import org.zonda.runtime.LoadOptions;
import org.zonda.runtime.TokenEmbeddings;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code zonda embed}: texts as vectors. */
@Command(
    name = "embed",
    header = "Turns texts into vectors that are near each other where the texts mean alike.",
    synopsisHeading = "%nUsage: ",
    sortOptions = false,
    customSynopsis = {"zonda embed [OPTIONS] [TEXT...]", "zonda embed [OPTIONS] -f FILE"},
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  zonda embed -m bge-small.gguf \"a warm wind\" \"a cold current\"",
      "  zonda embed -m bge-small.gguf -f lines.txt --output lines.npy",
      "  zonda embed -m model.gguf --pooling last --no-normalise \"Once\""
    })
final class EmbedCommand implements Runnable {

  /** Texts that share a pass; their tokens are bounded by the batch size as well. */
  private static final int SEQUENCES = 32;

  /** {@link Pooling}, or a vector a token. */
  private enum PoolingChoice {
    MEAN,
    CLS,
    LAST,
    NONE
  }

  private final Console console;

  @Mixin private final CommonOptions common;

  @Parameters(
      paramLabel = "TEXT",
      arity = "0..*",
      description = "Texts, one an argument; - reads standard input, one a line.")
  private List<String> words;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      order = 0,
      description = "Read the texts from a file, one a line, or from standard input where it is -.")
  private String file;

  @Mixin private final ModelOption model = new ModelOption();

  @ArgGroup(validate = false, order = 1, heading = "%nLoading:%n")
  private LoadingOptions loading = new LoadingOptions();

  @ArgGroup(validate = false, order = 2, heading = "%nDevice:%n")
  private PlacingOptions placing = new PlacingOptions();

  @Option(
      names = "--pooling",
      paramLabel = "HOW",
      order = 2,
      description =
          "How the vectors of tokens become one: mean, cls (the first), last; or none, for a vector"
              + " a token (default: what the model was trained for).")
  private PoolingChoice pooling;

  @Option(
      names = "--no-normalise",
      order = 3,
      description = "Leave vectors as long as they are, instead of scaling them to length 1.")
  private boolean asTheyAre;

  @Option(
      names = "--truncate",
      order = 4,
      description = "Cut texts that are longer than the context, instead of refusing them.")
  private boolean truncate;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "WHERE",
      order = 5,
      description =
          "json or npy to standard output, or a file that ends in .json or .npy (default: json)."
              + " NumPy reads .npy; it has a row a text.")
  private String output;

  @Option(names = "--force", order = 6, description = "Replace the output file if it exists.")
  private boolean force;

  EmbedCommand(Console console) {
    this.console = console;
    common = new CommonOptions(console);
  }

  @Override
  public void run() {
    EmbeddingOutput target = EmbeddingOutput.of(output == null ? "json" : output);
    LoadOptions load = placing.applyTo(loading.toLoadOptions()).withSequences(SEQUENCES);
    ModelChoice choice = model.choose(console);
    if (placing.planOnly()) {
      Planning.showForEmbedding(console, choice, load, "json".equals(output));
      return;
    }
    target.check(force, console);
    List<String> texts = TextLines.read(words, file, console);
    if (pooling == PoolingChoice.NONE && target.npy() && texts.size() > 1) {
      throw new UsageException(
          "--pooling none gives a row a token, and .npy could not tell %d texts apart; use json, or one text"
              .formatted(texts.size()));
    }
    try (EmbeddingModel embeddingModel = choice.loadForEmbedding(load, console)) {
      if (target.npy() || target.file().isPresent()) { // else the JSON has the notes
        Planning.tell(console, embeddingModel.plan());
      }
      target.write(
          pooling == PoolingChoice.NONE
              ? tokens(embeddingModel, texts, target.npy())
              : vectors(embeddingModel, texts, target.npy()),
          force,
          console);
    }
  }

  private byte[] vectors(EmbeddingModel embeddingModel, List<String> texts, boolean npy) {
    List<Embedding> embeddings = embeddingModel.embed(texts, options(), progress(texts.size()));
    if (npy) {
      float[][] rows = embeddings.stream().map(Embedding::vector).toArray(float[][]::new);
      return Npy.write(rows, embeddingModel.width());
    }
    String pooled = embeddingModel.pooling(options()).name().toLowerCase(Locale.ROOT);
    return EmbeddingJson.ofTexts(head(embeddingModel, pooled), embeddings);
  }

  private byte[] tokens(EmbeddingModel embeddingModel, List<String> texts, boolean npy) {
    List<TokenEmbeddings> embeddings =
        embeddingModel.tokenEmbeddings(texts, options(), progress(texts.size()));
    return npy
        ? Npy.write(embeddings.getFirst().vectors(), embeddingModel.width())
        : EmbeddingJson.ofTokens(head(embeddingModel, "none"), embeddings);
  }

  private EmbeddingJson.Head head(EmbeddingModel embeddingModel, String pooled) {
    return new EmbeddingJson.Head(embeddingModel, pooled, !asTheyAre);
  }

  private EmbeddingOptions options() {
    EmbeddingOptions options =
        EmbeddingOptions.DEFAULT.withNormalised(!asTheyAre).withTruncated(truncate);
    return pooling == null || pooling == PoolingChoice.NONE
        ? options
        : options.withPooling(Pooling.valueOf(pooling.name()));
  }

  /** One line that changes, where a person waits for many texts; nothing in a script. */
  private IntConsumer progress(int total) {
    if (!console.errIsTerminal() || total == 1) {
      return count -> {};
    }
    return count -> {
      if (count == total || count % SEQUENCES == 0) {
        String line = count == total ? "" : "embedding texts: %d of %d".formatted(count, total);
        console.err().print("\r\u001b[K" + line).flush();
      }
    };
  }
}

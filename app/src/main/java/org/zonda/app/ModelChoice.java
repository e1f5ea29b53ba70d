package org.zonda.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.gguf.GgufFile;
import org.zonda.model.tokenizer.Tokenizer;
import org.zonda.model.tokenizer.Tokenizers;
import org.zonda.runtime.EmbeddingModel;
import org.zonda.runtime.LanguageModel;
import org.zonda.runtime.LoadOptions;
import org.zonda.runtime.backend.Progress;

/**
 * The model that a command line names.
 *
 * @param file a GGUF file, or empty for the embedded model
 * @param preTokenizer how to cut words instead of as the model says, or empty
 */
record ModelChoice(Optional<Path> file, Optional<String> preTokenizer) {

  private static final String EXTENSION = ".gguf";
  private static final int NAMES_SHOWN = 5;

  /**
   * Decides on a model, without opening it.
   *
   * @param named as the user wrote it, or null
   * @param console has {@code ZONDA_MODEL}
   * @throws ZondaException if there is no such file; the message names similar ones
   */
  static ModelChoice of(String named, Console console) {
    String name = named != null ? named : console.variable("ZONDA_MODEL").orElse(null);
    if (name == null) {
      return new ModelChoice(Optional.empty(), Optional.empty());
    }
    Path path = UserPath.of(name);
    String origin = named != null ? "" : " (named by ZONDA_MODEL)";
    if (name.isEmpty() || Files.notExists(path)) {
      throw new ZondaException(missing(path, origin));
    }
    if (Files.isDirectory(path)) {
      throw new ZondaException(directory(path, origin));
    }
    return new ModelChoice(Optional.of(path), Optional.empty());
  }

  /** The same model, read with another pre-tokenizer; null for its own. */
  ModelChoice withPreTokenizer(String name) {
    return new ModelChoice(file, Optional.ofNullable(name));
  }

  boolean embedded() {
    return file.isEmpty();
  }

  /** Opens metadata and tensors alone. */
  GgufFile open() {
    return file.isPresent() ? GgufFile.open(file.get()) : EmbeddedModel.open();
  }

  /** Makes the tokenizer, and says so where it is not the model's own. */
  Tokenizer tokenizer(ModelSource source, Console console) {
    Tokenizer tokenizer = Tokenizers.of(source, preTokenizer);
    tell(tokenizer, console);
    return tokenizer;
  }

  /** Opens the model to run it, with a progress bar while it is uploaded to a device. */
  LanguageModel load(LoadOptions options, Console console) {
    try (ByteBar bar = new ByteBar(console, "upload")) {
      LoadOptions shown = shown(options, bar);
      LanguageModel model =
          file.isPresent()
              ? LanguageModel.open(file.get(), shown)
              : LanguageModel.open(EmbeddedModel.open(), shown);
      tell(model.tokenizer(), console);
      return model;
    }
  }

  /** Opens the model to embed texts, as {@link #load} does. */
  EmbeddingModel loadForEmbedding(LoadOptions options, Console console) {
    try (ByteBar bar = new ByteBar(console, "upload")) {
      LoadOptions shown = shown(options, bar);
      EmbeddingModel model =
          file.isPresent()
              ? EmbeddingModel.open(file.get(), shown)
              : EmbeddingModel.open(EmbeddedModel.open(), shown);
      tell(model.tokenizer(), console);
      return model;
    }
  }

  private LoadOptions shown(LoadOptions options, Progress progress) {
    LoadOptions shown = options.withProgress(progress);
    return preTokenizer.map(shown::withPreTokenizer).orElse(shown);
  }

  private void tell(Tokenizer tokenizer, Console console) {
    if (preTokenizer.isPresent()) {
      String line = Printable.line("tokenizer: " + tokenizer.description());
      console.err().println(console.errStyle().dim(line));
    }
  }

  private static String missing(Path path, String origin) {
    Path directory = path.toAbsolutePath().getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      return path + origin + ": no such file, and no such directory as " + directory;
    }
    String wanted = String.valueOf(path.getFileName());
    List<String> models = models(directory);
    List<String> similar =
        models.stream()
            .filter(name -> Similarity.similar(stem(name), stem(wanted)))
            .sorted(Comparator.comparingInt(name -> Similarity.distance(name, wanted)))
            .toList();
    if (!similar.isEmpty()) {
      return path + origin + ": no such file; similar names there: " + names(similar);
    }
    return path
        + origin
        + ": no such file"
        + (models.isEmpty() ? "" : "; the models there are: " + names(models));
  }

  private static String directory(Path path, String origin) {
    List<String> models = models(path);
    return path
        + origin
        + " is a directory; "
        + (models.isEmpty()
            ? "it holds no .gguf file"
            : "name one of the models in it: " + names(models));
  }

  private static List<String> models(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.toLowerCase(Locale.ROOT).endsWith(EXTENSION))
          .sorted()
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static String stem(String name) {
    boolean gguf = name.toLowerCase(Locale.ROOT).endsWith(EXTENSION);
    return gguf ? name.substring(0, name.length() - EXTENSION.length()) : name;
  }

  private static String names(List<String> names) {
    String shown = names.stream().limit(NAMES_SHOWN).collect(Collectors.joining(", "));
    int more = names.size() - NAMES_SHOWN;
    return more > 0 ? shown + " and " + more + " more" : shown;
  }
}

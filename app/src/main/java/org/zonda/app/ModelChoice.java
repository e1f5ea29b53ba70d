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
import org.zonda.model.ZondaException;
import org.zonda.model.gguf.GgufFile;
import org.zonda.runtime.LanguageModel;
import org.zonda.runtime.LoadOptions;

/**
 * The model that a command line names.
 *
 * @param file a GGUF file, or empty for the embedded model
 */
record ModelChoice(Optional<Path> file) {

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
      return new ModelChoice(Optional.empty());
    }
    Path path = UserPath.of(name);
    String origin = named != null ? "" : " (named by ZONDA_MODEL)";
    if (name.isEmpty() || Files.notExists(path)) {
      throw new ZondaException(missing(path, origin));
    }
    if (Files.isDirectory(path)) {
      throw new ZondaException(directory(path, origin));
    }
    return new ModelChoice(Optional.of(path));
  }

  boolean embedded() {
    return file.isEmpty();
  }

  /** Opens metadata and tensors alone. */
  GgufFile open() {
    return file.isPresent() ? GgufFile.open(file.get()) : EmbeddedModel.open();
  }

  /** Opens the model to run it, with a progress bar while it is uploaded to a device. */
  LanguageModel load(LoadOptions options, Console console) {
    try (ByteBar bar = new ByteBar(console, "upload")) {
      LoadOptions shown = options.withProgress(bar);
      return file.isPresent()
          ? LanguageModel.open(file.get(), shown)
          : LanguageModel.open(EmbeddedModel.open(), shown);
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

package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zonda.model.ZondaException;

class ModelChoiceTest {

  @TempDir private Path directory;

  @Test
  void withoutANameItIsTheEmbeddedModel() {
    assertThat(ModelChoice.of(null, console(Map.of())).embedded()).isTrue();
    assertThat(ModelChoice.of(null, console(Map.of("ZONDA_MODEL", ""))).embedded()).isTrue();
  }

  @Test
  void theOptionOutweighsTheEnvironment() throws IOException {
    Path a = Files.createFile(directory.resolve("a.gguf"));
    Path b = Files.createFile(directory.resolve("b.gguf"));
    Console console = console(Map.of("ZONDA_MODEL", a.toString()));
    assertThat(ModelChoice.of(null, console).file()).contains(a);
    assertThat(ModelChoice.of(b.toString(), console).file()).contains(b);
  }

  @Test
  void aMissingFileSuggestsSimilarNames() throws IOException {
    Files.createFile(directory.resolve("Llama-3.2-1B-Q8_0.gguf"));
    Files.createFile(directory.resolve("qwen.gguf"));
    Files.createFile(directory.resolve("llama-3.2-1b-q8_0.txt"));
    Path missing = directory.resolve("llama-3.2-1b.gguf");
    refuses(
        missing.toString(),
        missing + ": no such file; similar names there: Llama-3.2-1B-Q8_0.gguf");
  }

  @Test
  void aMissingFileWithoutSimilarOnesListsTheModels() throws IOException {
    for (int i = 1; i <= 7; i++) {
      Files.createFile(directory.resolve("model-" + i + ".gguf"));
    }
    Path missing = directory.resolve("zzz");
    refuses(
        missing.toString(),
        missing
            + ": no such file; the models there are: model-1.gguf, model-2.gguf, model-3.gguf,"
            + " model-4.gguf, model-5.gguf and 2 more");
  }

  @Test
  void aMissingFileAmongNoModelsIsJustMissing() {
    refuses(directory.resolve("x.gguf").toString(), directory.resolve("x.gguf") + ": no such file");
  }

  @Test
  void aMissingDirectoryIsNamed() {
    Path missing = directory.resolve("nowhere/x.gguf");
    refuses(
        missing.toString(),
        missing + ": no such file, and no such directory as " + directory.resolve("nowhere"));
  }

  @Test
  void aDirectoryListsItsModels() throws IOException {
    refuses(directory.toString(), directory + " is a directory; it holds no .gguf file");
    Files.createFile(directory.resolve("a.gguf"));
    refuses(
        directory.toString(), directory + " is a directory; name one of the models in it: a.gguf");
  }

  @Test
  void aWrongEnvironmentIsBlamed() {
    Console console = console(Map.of("ZONDA_MODEL", directory + "/x.gguf"));
    assertThatExceptionOfType(ZondaException.class)
        .isThrownBy(() -> ModelChoice.of(null, console))
        .withMessage(directory + "/x.gguf (named by ZONDA_MODEL): no such file");
  }

  @Test
  void anEmptyOrImpossibleNameIsRefused() {
    assertThatExceptionOfType(ZondaException.class)
        .isThrownBy(() -> ModelChoice.of("", console(Map.of())));
    assertThatExceptionOfType(ZondaException.class)
        .isThrownBy(() -> ModelChoice.of("a\0b", console(Map.of())))
        .withMessageContaining("no valid file name");
  }

  private static void refuses(String name, String message) {
    assertThatExceptionOfType(ZondaException.class)
        .isThrownBy(() -> ModelChoice.of(name, console(Map.of())))
        .withMessage(message);
  }

  private static Console console(Map<String, String> variables) {
    return Console.of(
        InputStream.nullInputStream(),
        OutputStream.nullOutputStream(),
        OutputStream.nullOutputStream(),
        variables);
  }
}

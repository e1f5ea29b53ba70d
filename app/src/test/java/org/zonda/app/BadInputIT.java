package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zonda.app.ZondaJar.Result;

/** Whatever a user gives the program that it cannot use: one line that says so, and no more. */
class BadInputIT {

  @TempDir private Path directory;

  @Test
  void aMissingFile() throws IOException {
    Files.createFile(directory.resolve("model-1.gguf"));
    assertThat(refused(directory.resolve("model1.gguf")).err())
        .contains("model1.gguf: no such file; similar names there: model-1.gguf");
  }

  @Test
  void aDirectory() {
    assertThat(refused(directory).err()).contains("is a directory");
  }

  @Test
  void anUnreadableFile() throws IOException {
    Path file = Files.copy(TestModels.golden(), directory.resolve("secret.gguf"));
    assumeThat(file.getFileSystem().supportedFileAttributeViews()).contains("posix");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    assumeThat(Files.isReadable(file)).as("this user may read everything").isFalse();
    assertThat(refused(file).err()).contains("secret.gguf", "permission");
  }

  @Test
  void anEmptyFile() throws IOException {
    assertThat(refused(Files.createFile(directory.resolve("empty.gguf"))).err())
        .contains("empty.gguf");
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 20, 500, 15_000, 150_000})
  void aTruncatedFile(int bytes) throws IOException {
    assertThat(refused(TestModels.truncated(directory, bytes)).err()).contains("truncated.gguf");
  }

  @Test
  void aFileOfAnotherKind() throws IOException {
    Path file = Files.writeString(directory.resolve("letter.gguf"), "Dear llama, ".repeat(100));
    assertThat(refused(file).err()).contains("letter.gguf", "GGUF");
  }

  @Test
  void aHostileFile() throws IOException {
    byte[] bytes = Files.readAllBytes(TestModels.golden());
    Arrays.fill(bytes, 8, 24, (byte) 0x7F); // the counts of tensors and metadata
    Path file = Files.write(directory.resolve("hostile.gguf"), bytes);
    assertThat(refused(file).err()).contains("hostile.gguf");
  }

  @Test
  void anUnknownArchitecture() throws IOException {
    assertThat(refused(TestModels.unknownArchitecture(directory)).err())
        .contains("architecture 'alpac' is not supported; known: llama");
  }

  @Test
  void anUnknownFormat() {
    assertThat(refused(TestModels.unknownFormat(directory)).err())
        .contains("format Q8_1 is not supported; known formats: F32, ");
  }

  @Test
  void aPromptLongerThanTheContext() {
    String prompt = "the ".repeat(TestModels.CONTEXT);
    Result result =
        ZondaJar.run("run", "-q", "--no-echo", "-m", TestModels.golden().toString(), prompt);
    assertThat(result.failsInOneLine(ExitCode.FAILED).err())
        .contains("prompt", Integer.toString(TestModels.CONTEXT));
  }

  @Test
  void aTokenBeyondTheVocabulary() {
    String model = TestModels.golden().toString();
    ZondaJar.run("logits", "-m", model, "--tokens", "1,360").failsInOneLine(ExitCode.FAILED);
    ZondaJar.run("detokenize", "-m", model, "360").failsInOneLine(ExitCode.FAILED);
  }

  @Test
  void anUnknownOption() {
    assertThat(ZondaJar.run("run", "--tepm", "1", "hello").failsInOneLine(ExitCode.USAGE).err())
        .isEqualTo(
            "zonda run: unknown option: '--tepm'; did you mean --temp? (see zonda run --help)\n");
  }

  @Test
  void anUnknownCommand() {
    assertThat(ZondaJar.run("rnu").failsInOneLine(ExitCode.USAGE).err())
        .isEqualTo("zonda: there is no command 'rnu'; did you mean run? (see zonda --help)\n");
  }

  @Test
  void anUnknownSyntheticModel() {
    assertThat(ZondaJar.run("bench", "--synthetic", "llama-2t:q8_0").err())
        .contains("llama-2t", "llama-1b");
  }

  @Test
  void anArgumentThatTheLocaleCannotExpress() throws Exception {
    assumeThat(System.getProperty("os.name"))
        .as("elsewhere arguments are Unicode")
        .isEqualTo("Linux");
    Process process = ZondaJar.start(Map.of("LC_ALL", "C"), "tokenize", "é");
    CompletableFuture<String> out = ZondaJar.read(process.getInputStream());
    CompletableFuture<String> err = ZondaJar.read(process.getErrorStream());
    assertThat(ZondaJar.finish(process, out, err).failsInOneLine(ExitCode.USAGE).err())
        .contains("cannot express; set LC_ALL=C.UTF-8");
  }

  /** With a shorter limit than the usual one, which is a minute. */
  @Test
  void aKernelThatNeverEnds() throws Exception {
    String kernel = Path.of("src/test/resources/kernels/NeverMoves.java").toString();
    Process process =
        ZondaJar.start(
            Map.of("JDK_JAVA_OPTIONS", "-Dzonda.simulator.timeout=2"),
            "run",
            "--backend",
            "simulator",
            "--kernel",
            kernel,
            "x");
    CompletableFuture<String> out = ZondaJar.read(process.getInputStream());
    CompletableFuture<String> err = ZondaJar.read(process.getErrorStream());
    Result result = ZondaJar.finish(process, out, err);
    assertThat(result.code()).isEqualTo(ExitCode.FAILED);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .contains("zonda: kernel '", "(NeverMoves.norm:1")
        .contains("still goes round a loop here after 2 s, which is its limit;");
  }

  @Test
  void verboseShowsWhere() {
    Result result = ZondaJar.run("run", "--verbose", "-m", directory + "/missing.gguf", "x");
    assertThat(result.code()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err()).contains("missing.gguf: no such file", "\tat org.zonda.app.");
  }

  private static Result refused(Path model) {
    return ZondaJar.run("run", "-m", model.toString(), "hello").failsInOneLine(ExitCode.FAILED);
  }
}

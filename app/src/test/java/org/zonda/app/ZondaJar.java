package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs the built jar as a process, as the launcher does. */
final class ZondaJar {

  /** Far beyond what any test takes, so that a hanging program fails rather than waits. */
  private static final int PATIENCE_SECONDS = 120;

  /** What the JVM itself says of the Vector API. */
  private static final String INCUBATOR = "WARNING: Using incubator modules";

  /**
   * What the process did.
   *
   * @param code the exit code
   * @param out standard output
   * @param err standard error, without the JVM's own warning
   */
  record Result(int code, String out, String err) {

    /** One line on standard error that says what was wrong, and nothing else anywhere. */
    Result failsInOneLine(int expectedCode) {
      assertThat(err).hasLineCount(1).endsWith("\n").startsWith("zonda");
      assertThat(err).doesNotContain("at org.zonda", "Exception");
      assertThat(out).isEmpty();
      assertThat(code).isEqualTo(expectedCode);
      return this;
    }
  }

  private ZondaJar() {}

  static Result run(String... arguments) {
    return piped("", arguments);
  }

  /** Runs it in a folder. */
  static Result in(Path folder, String... arguments) {
    return piped("", start(folder, Map.of("LC_ALL", "C.UTF-8"), arguments));
  }

  static Result piped(String stdin, String... arguments) {
    return piped(stdin, start(arguments));
  }

  private static Result piped(String stdin, Process process) {
    CompletableFuture<String> out = read(process.getInputStream());
    CompletableFuture<String> err = read(process.getErrorStream());
    try {
      try (var in = process.getOutputStream()) {
        in.write(stdin.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // It ended without reading; what it wrote tells why.
      }
      return finish(process, out, err);
    } finally {
      process.destroyForcibly();
    }
  }

  /** Starts it and leaves its streams to the test. */
  static Process start(String... arguments) {
    return start(Map.of("LC_ALL", "C.UTF-8"), arguments);
  }

  /** Starts it with more environment variables. */
  static Process start(Map<String, String> environment, String... arguments) {
    return start(Path.of(""), environment, arguments);
  }

  private static Process start(Path folder, Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.add("--add-modules=jdk.incubator.vector");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-jar");
    command.add(jar().toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toAbsolutePath().toFile());
    builder.environment().remove("ZONDA_MODEL");
    builder.environment().putAll(environment);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for the end of a process whose streams are being read. */
  static Result finish(
      Process process, CompletableFuture<String> out, CompletableFuture<String> err) {
    try {
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("it ends").isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return new Result(process.exitValue(), out.join(), withoutWarning(err.join()));
  }

  static CompletableFuture<String> read(InputStream stream) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        task -> Thread.ofVirtual().start(task));
  }

  private static Path jar() {
    Path jar = Path.of(System.getProperty("zonda.jar", "target/zonda.jar")).toAbsolutePath();
    assertThat(jar).as("the jar under test; 'mvn package' makes it").isRegularFile();
    return jar;
  }

  private static String withoutWarning(String err) {
    StringBuilder rest = new StringBuilder();
    err.lines()
        .filter(line -> !line.startsWith(INCUBATOR))
        .forEach(line -> rest.append(line).append('\n'));
    return rest.toString();
  }
}

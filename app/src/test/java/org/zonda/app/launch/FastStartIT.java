package org.zonda.app.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Preparation and quick start of the real jar, on the JDK that runs the tests. */
class FastStartIT {

  private static final Path JAR = Path.of("target", "zonda.jar").toAbsolutePath();

  @TempDir Path world;

  private record Result(int code, String output) {}

  private Result java(List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(arguments);
    Path output = Files.createTempFile(world, "output", null);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return new Result(process.exitValue(), Files.readString(output));
  }

  private Result prepare(Path jar, Path directory) throws IOException, InterruptedException {
    return java(
        List.of("-cp", JAR.toString(), FastStart.class.getName(), "" + jar, "" + directory));
  }

  private Result start(Path directory, String... more) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>();
    arguments.add("@" + directory.resolve("java.args"));
    arguments.add("-Xbootclasspath/a:" + directory.resolve("vector.jar"));
    arguments.add("-XX:AOTCache=" + directory.resolve("zonda.aot"));
    arguments.addAll(List.of(more));
    arguments.addAll(List.of("-jar", JAR.toString(), "--version"));
    return java(arguments);
  }

  /** What the program says without any flags. */
  private String plain() throws IOException, InterruptedException {
    Result result = java(List.of("-jar", JAR.toString(), "--version"));
    assertThat(result.output()).startsWith("zonda ");
    return result.output();
  }

  @Test
  void theCacheIsUsedWithLinkedClassesAndNoWordOfIt() throws Exception {
    Path directory = world.resolve("with a blank");
    assertThat(prepare(JAR, directory).code()).isZero();
    Result quiet = start(directory);
    assertThat(quiet.code()).isZero();
    assertThat(quiet.output()).isEqualTo(plain());
    assertThat(start(directory, "-Xlog:aot:stdout").output())
        .contains("Using AOT-linked classes: true")
        .contains("full module graph: enabled");
  }

  @Test
  void aSpoiltCacheIsIgnoredWithoutAWord() throws Exception {
    Path directory = world.resolve("start");
    prepare(JAR, directory);
    Files.write(directory.resolve("zonda.aot"), new byte[1000]);
    Result result = start(directory);
    assertThat(result.code()).isZero();
    assertThat(result.output()).isEqualTo(plain());
  }

  @Test
  void whereTrainingFailsThereIsNoCacheAndNoSecondAttempt() throws Exception {
    Path noJar = Files.writeString(world.resolve("no.jar"), "");
    Path directory = world.resolve("start");
    Result result = prepare(noJar, directory);
    assertThat(result.code()).isZero();
    assertThat(result.output()).contains("No quick start: the training run failed");
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .contains("java.args")
          .doesNotContain("zonda.aot", "zonda.aotconf");
    }
  }

  @Test
  void theSwitchesAreThoseThatTheModuleSets() throws Exception {
    Result module =
        java(List.of("--add-modules=jdk.incubator.vector", "-Xlog:compilation:stdout", "-version"));
    List<String> set =
        Pattern.compile("(EnableVector\\w+)=true")
            .matcher(module.output())
            .results()
            .map(match -> "-XX:+" + match.group(1))
            .toList();
    assertThat(set).isNotEmpty();
    assertThat(VectorModule.flags())
        .filteredOn(flag -> flag.startsWith("-XX:+EnableVector"))
        .containsExactlyInAnyOrderElementsOf(set);
  }
}

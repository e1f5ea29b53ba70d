package org.zonda.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code bench/peers.sh} beside a program that only looks like Zonda. */
@EnabledOnOs(OS.LINUX)
class PeersScriptTest {

  private static final String FAILS_AT_SECOND_MODEL =
      """
      #!/bin/sh
      echo "$*" >>"$CALLS"
      case $* in
        *--limits*) exit 0 ;;
        *second.gguf*) echo 'no such model' >&2; exit 1 ;;
      esac
      echo '{}'
      """;

  @TempDir private Path folder;

  @BeforeEach
  void copyScript() throws IOException {
    Path script = Path.of(System.getProperty("user.dir")).resolve("peers.sh");
    Files.createDirectories(folder.resolve("bench"));
    Files.copy(script, folder.resolve("bench/peers.sh"));
    program("zonda", FAILS_AT_SECOND_MODEL);
    Files.createDirectory(folder.resolve("tmp"));
    Files.writeString(folder.resolve("first.gguf"), "GGUF");
    Files.writeString(folder.resolve("second.gguf"), "GGUF");
  }

  private void program(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Runs it and returns what it printed. */
  private String run(String javaHome, String... files) throws Exception {
    List<String> command =
        Stream.concat(
                Stream.of("bash", "bench/peers.sh", "-n", "1", "-o", "report"), Stream.of(files))
            .toList();
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeAll(List.of("LLAMA_BENCH", "LLAMA3_JAVA"));
    builder
        .environment()
        .putAll(
            Map.of(
                "JAVA_HOME",
                javaHome,
                "THREADS",
                "3",
                "TMPDIR",
                folder.resolve("tmp").toString(),
                "CALLS",
                folder.resolve("calls").toString()));
    Process process = builder.start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(text).isEqualTo(1);
    return text;
  }

  @Test
  void runsAreKeptWhereALaterOneFails() throws Exception {
    String text = run(System.getProperty("java.home"), "first.gguf", "second.gguf");
    List<Path> kept;
    try (Stream<Path> folders = Files.list(folder.resolve("tmp"))) {
      kept = folders.toList();
    }
    assertThat(kept).hasSize(1);
    assertThat(text)
        .contains("the output of the runs until then is in " + kept.getFirst())
        .contains("no such model");
    assertThat(kept.getFirst().resolve("runs.tsv")).content().contains("first.gguf");
    assertThat(kept.getFirst().resolve("1-1-zonda.out")).hasContent("{}");
  }

  @Test
  void limitsAreOfTheThreadsThatAreMeasured() throws Exception {
    run(System.getProperty("java.home"), "first.gguf", "second.gguf");
    assertThat(folder.resolve("calls")).content().contains("--limits -p 0 -n 0 -t 3 ");
  }

  @Test
  void olderJavaIsRefusedBeforeTheFirstRun() throws Exception {
    Files.createDirectories(folder.resolve("old/bin"));
    program("old/bin/java", "#!/bin/sh\necho 'openjdk version \"17.0.15\" 2025-04-15' >&2\n");
    assertThat(run(folder.resolve("old").toString(), "first.gguf"))
        .contains("old/bin/java: expected Java 25 or newer, found 17");
    assertThat(folder.resolve("calls")).doesNotExist();
    assertThat(folder.resolve("tmp")).isEmptyDirectory();
  }
}

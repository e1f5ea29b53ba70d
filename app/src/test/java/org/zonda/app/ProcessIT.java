package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.zonda.app.ZondaJar.Result;

/** The program among other processes: signals, closed pipes, full disks. */
@Timeout(120)
class ProcessIT {

  /** More than anybody waits for. */
  private static final String[] ENDLESS = {
    "run",
    "-m",
    TestModels.golden().toString(),
    "-n",
    "0",
    "--ignore-eos",
    "--context-policy",
    "shift",
    "the"
  };

  @Test
  void interruptedItKeepsTheTextAndTellsHowLongItTook() throws Exception {
    Process process = ZondaJar.start(ENDLESS);
    try {
      awaitText(process.getInputStream());
      assumeThat(Path.of("/bin/kill")).exists();
      assumeThat(ignoresInterrupts(process)).as("this shell's jobs ignore interrupts").isFalse();
      CompletableFuture<String> out = ZondaJar.read(process.getInputStream());
      CompletableFuture<String> err = ZondaJar.read(process.getErrorStream());
      new ProcessBuilder("/bin/kill", "-INT", Long.toString(process.pid())).start().waitFor();
      cancelled(ZondaJar.finish(process, out, err), ExitCode.INTERRUPTED);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void terminatedItDoesTheSame() throws Exception {
    Process process = ZondaJar.start(ENDLESS);
    try {
      awaitText(process.getInputStream());
      CompletableFuture<String> out = ZondaJar.read(process.getInputStream());
      CompletableFuture<String> err = ZondaJar.read(process.getErrorStream());
      // Not destroy(), which would close the streams that are being read.
      process.toHandle().destroy();
      cancelled(ZondaJar.finish(process, out, err), 128 + 15);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void whenTheReaderGoesAwayItEndsQuietly() throws Exception {
    Process process = ZondaJar.start(ENDLESS);
    try {
      CompletableFuture<String> err = ZondaJar.read(process.getErrorStream());
      awaitText(process.getInputStream());
      process.getInputStream().close();
      Result result = ZondaJar.finish(process, CompletableFuture.completedFuture(""), err);
      assertThat(result.code()).isEqualTo(ExitCode.OUTPUT_CLOSED);
      assertThat(result.err().lines())
          .satisfiesExactly(
              model -> assertThat(model).startsWith("model.gguf | CPU, "),
              why -> assertThat(why).startsWith("on the CPU: "));
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void aFullDiskIsNamed() throws Exception {
    assumeThat(Path.of("/dev/full")).exists();
    assumeThat(Path.of("/bin/sh")).exists();
    String java = ProcessHandle.current().info().command().orElseThrow();
    Path jar = Path.of(System.getProperty("zonda.jar", "target/zonda.jar")).toAbsolutePath();
    Process process =
        new ProcessBuilder(
                "/bin/sh", "-c", "exec \"$0\" -jar \"$1\" --help > /dev/full", java, jar.toString())
            .start();
    Result result =
        ZondaJar.finish(
            process,
            CompletableFuture.completedFuture(""),
            ZondaJar.read(process.getErrorStream()));
    assertThat(result.code()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err()).isEqualTo("zonda: cannot write the output: No space left on device\n");
  }

  private static void cancelled(Result result, int code) {
    assertThat(result.out()).endsWith("\n");
    assertThat(result.err().lines().toList().getLast())
        .matches("load .* \\| first token .* \\| prefill .* \\| decode [0-9]+ tokens, .*");
    assertThat(result.code()).isEqualTo(code);
  }

  /** Waits until it has written a good deal more than the prompt. */
  private static void awaitText(InputStream out) throws IOException {
    assertThat(out.readNBytes(40)).hasSize(40);
  }

  private static boolean ignoresInterrupts(Process process) throws IOException {
    Path status = Path.of("/proc/" + process.pid() + "/status");
    if (!Files.exists(status)) {
      return false;
    }
    return Files.readString(status, StandardCharsets.ISO_8859_1)
        .lines()
        .filter(line -> line.startsWith("SigIgn:"))
        .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
  }
}

package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.zonda.app.ZondaJar.Result;
import org.zonda.model.gguf.GgufWriter;
import org.zonda.model.gguf.Metadata;
import org.zonda.model.tensor.TensorType;

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

  /** Far more repetitions than anybody waits for; the log tells when there are some. */
  @Test
  void interruptedWhileItMeasuresItPrintsWhatThereIs() throws Exception {
    Process process =
        ZondaJar.start(
            "bench",
            "-m",
            TestModels.golden().toString(),
            "-p",
            "0",
            "-n",
            "60",
            "-r",
            "9999",
            "--warm-up",
            "0",
            "--verbose",
            "--csv");
    try {
      assumeThat(Path.of("/bin/kill")).exists();
      assumeThat(ignoresInterrupts(process)).as("this shell's jobs ignore interrupts").isFalse();
      CompletableFuture<String> out = ZondaJar.read(process.getInputStream());
      BufferedReader log = process.errorReader(StandardCharsets.UTF_8);
      for (String line = ""; !line.startsWith("tg60, 3 of 9999"); line = log.readLine()) {
        assertThat(line).as("it measures").isNotNull();
      }
      new ProcessBuilder("/bin/kill", "-INT", Long.toString(process.pid())).start().waitFor();
      CompletableFuture<String> err =
          CompletableFuture.supplyAsync(
              () -> log.lines().collect(Collectors.joining("\n")),
              task -> Thread.ofVirtual().start(task));
      Result result = ZondaJar.finish(process, out, err);

      assertThat(result.code()).isEqualTo(ExitCode.INTERRUPTED);
      assertThat(result.out().lines()).hasSizeBetween(3, 9999).allMatch(line -> line.contains(","));
      assertThat(result.err().lines().toList().getLast())
          .isEqualTo("zonda: interrupted; what was not measured by then is missing");
    } finally {
      process.destroyForcibly();
    }
  }

  /** The file that is being written shows when to interrupt; it must be gone afterwards. */
  @Test
  void interruptedWhileItQuantisesItLeavesNothing(@TempDir Path folder) throws Exception {
    Path input = largeModel(folder.resolve("in.gguf"));
    Path output = folder.resolve("out.gguf");
    Process process =
        ZondaJar.start(
            "quantize", input.toString(), output.toString(), "--type", "Q2_K", "--threads", "1");
    try {
      CompletableFuture<String> out = ZondaJar.read(process.getInputStream());
      CompletableFuture<String> err = ZondaJar.read(process.getErrorStream());
      while (process.isAlive() && files(folder).size() < 2) {
        Thread.sleep(10);
      }
      process.toHandle().destroy();
      Result result = ZondaJar.finish(process, out, err);
      assertThat(result.err()).endsWith("zonda: interrupted; " + output + " was not written\n");
      assertThat(result.code()).isEqualTo(128 + 15);
      assertThat(files(folder)).containsExactly(input);
    } finally {
      process.destroyForcibly();
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  /** 16 million weights: seconds of work, since each of its blocks is another. */
  private static Path largeModel(Path file) {
    Random random = new Random(3);
    ByteBuffer row = ByteBuffer.allocate(4 * 1024).order(ByteOrder.LITTLE_ENDIAN);
    int rows = 1 << 14;
    new GgufWriter(Metadata.builder().putString("general.architecture", "llama").build("large"))
        .tensor(
            "blk.0.ffn_up.weight",
            TensorType.F32,
            List.of(1024L, (long) rows),
            channel -> {
              for (int i = 0; i < rows; i++) {
                row.clear();
                while (row.hasRemaining()) {
                  row.putFloat(random.nextFloat() - 0.5f);
                }
                channel.write(row.flip());
              }
            })
        .write(file);
    return file;
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

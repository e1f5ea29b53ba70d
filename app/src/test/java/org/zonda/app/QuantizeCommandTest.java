package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zonda.app.Zonda.Result;
import org.zonda.model.gguf.GgufFile;
import org.zonda.model.gguf.GgufWriter;
import org.zonda.model.quantize.FileType;
import org.zonda.model.tensor.Tensor;

class QuantizeCommandTest {

  private static final String MODEL = TestModels.golden().toString();

  @TempDir Path folder;

  private String out() {
    return folder.resolve("out.gguf").toString();
  }

  private Result quantise(String... more) {
    String[] fixed = {"quantize", MODEL, out()};
    String[] all = Arrays.copyOf(fixed, fixed.length + more.length);
    System.arraycopy(more, 0, all, fixed.length, more.length);
    return Zonda.run(all);
  }

  private void assertFolderHolds(String... names) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder(names);
    }
  }

  @Test
  void writesAModelThatRunsAndSaysWhatItCosts() throws IOException {
    Result result = quantise("--type", "q8_0");
    assertThat(result.code()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .startsWith("model.gguf as Q8_0\n")
        .containsPattern("size +[0-9.]+ KiB -> [0-9.]+ KiB\n")
        .containsPattern("weights +[0-9.]+ thousand, 32.00 -> (8|9)\\.[0-9]+ bits each\n")
        .containsPattern("error +0\\.[0-9]+% of the weights \\(RMS\\), largest 0\\.[0-9]+\n")
        .contains("file     " + out() + "\n");
    assertFolderHolds("out.gguf");
    Result logits = Zonda.run("logits", "-m", out(), "--top", "1", "--tokens", "1");
    assertThat(logits.code()).isZero();
  }

  @Test
  void jsonHasEveryTensor() {
    JsonNode json = JsonText.parse(quantise("--type", "Q4_0", "--json").out());
    assertThat(json.get("output").asText()).isEqualTo(out());
    assertThat(json.get("type").asText()).isEqualTo("Q4_0");
    assertThat(json.get("relative_rms_error").asDouble()).isBetween(0.05, 0.12);
    long bytes = 0;
    Map<String, String> types = new HashMap<>();
    for (JsonNode tensor : json.get("tensors")) {
      bytes += tensor.get("bytes").asLong();
      types.put(tensor.get("name").asText(), tensor.get("to").asText());
      assertThat(tensor.has("relative_rms_error"))
          .isEqualTo(!tensor.get("to").equals(tensor.get("from")));
    }
    assertThat(json.get("bytes").asLong()).isEqualTo(bytes);
    assertThat(json.get("file_bytes").asLong())
        .isEqualTo(folder.resolve("out.gguf").toFile().length());
    try (GgufFile written = GgufFile.open(folder.resolve("out.gguf"))) {
      Map<String, String> found = new HashMap<>();
      for (Tensor tensor : written.tensors()) {
        found.put(tensor.name(), tensor.type().name());
      }
      assertThat(types).isEqualTo(found);
    }
  }

  @Test
  void verboseListsTheTensors() {
    assertThat(quantise("--type", "Q8_0", "--verbose").out())
        .containsPattern("token_embd.weight +32 x 360 +F32 -> Q8_0 +[0-9.]+ KiB +0\\.[0-9]+% ")
        .containsPattern("output_norm.weight +32 +F32, kept +128 B\n");
  }

  @Test
  void aDryRunWritesNothing() throws IOException {
    Result result = quantise("--type", "Q4_K_M", "--dry-run");
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .containsPattern("blk.0.attn_q.weight +32 x [0-9]+ +F32 -> Q5_0 ")
        .containsPattern("size +[0-9.]+ KiB -> [0-9.]+ KiB\n");
    assertThat(result.err())
        .startsWith("rows that are no whole number of blocks: ")
        .contains("Q5_0 instead of Q4_K for ");
    JsonNode json = JsonText.parse(quantise("--type", "Q4_K_M", "--dry-run", "--json").out());
    assertThat(json.has("output")).isFalse();
    assertThat(json.get("tensors").get(0).get("to").asText()).isEqualTo("Q5_0");
    assertFolderHolds();
  }

  @Test
  void pureHasNoExceptions() {
    assertThat(quantise("--type", "Q4_0", "--dry-run").out())
        .containsPattern("output.weight .* F32 -> Q8_0");
    assertThat(quantise("--type", "Q4_0", "--dry-run", "--pure").out())
        .startsWith("model.gguf as Q4_0, pure\n")
        .containsPattern("output.weight .* F32 -> Q4_0");
  }

  @Test
  void nothingIsOverwrittenUnlessForced() throws IOException {
    Path target = Files.writeString(folder.resolve("out.gguf"), "mine");
    Result refused = quantise("--type", "Q8_0");
    assertThat(refused.code()).isEqualTo(ExitCode.FAILED);
    assertThat(refused.err())
        .isEqualTo("zonda: " + target + ": exists already; --force replaces it\n");
    assertThat(target).hasContent("mine");
    assertThat(quantise("--type", "Q8_0", "--force").code()).isZero();
    GgufFile.open(target).close();
    assertFolderHolds("out.gguf");
  }

  @Test
  void theInputIsNotTheOutput() throws IOException {
    Path input = Files.copy(TestModels.golden(), folder.resolve("in.gguf"));
    Result result =
        Zonda.run("quantize", input.toString(), input.toString(), "--type", "Q8_0", "--force");
    assertThat(result.code()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err())
        .isEqualTo(
            "zonda: " + input + ": is the file that is read; name another one to write to\n");
    assertThat(input).hasSameBinaryContentAs(TestModels.golden());
  }

  @Test
  void quantisingTwiceIsAskedForAndWarnedOf() {
    quantise("--type", "Q8_0");
    String again = folder.resolve("again.gguf").toString();
    Result refused = Zonda.run("quantize", out(), again, "--type", "Q4_0");
    assertThat(refused.code()).isEqualTo(ExitCode.FAILED);
    assertThat(refused.err()).contains("is Q8_0 already").contains("(--allow-requantize)");
    Result allowed =
        Zonda.run("quantize", out(), again, "--type", "Q4_0", "--allow-requantize", "--json");
    assertThat(allowed.code()).isZero();
    assertThat(allowed.err()).startsWith("weights that are quantised already are quantised again");
    assertThat(JsonText.parse(allowed.out()).get("requantised").asBoolean()).isTrue();
  }

  @Test
  void usage() {
    assertThat(quantise().err()).contains("--type=TYPE");
    assertThat(quantise().code()).isEqualTo(ExitCode.USAGE);
    Result unknown = quantise("--type", "IQ2_XXS");
    assertThat(unknown.code()).isEqualTo(ExitCode.USAGE);
    assertThat(unknown.err()).contains("IQ2_XXS: models cannot be quantised to this format");
    for (String threads : new String[] {"0", "1025", "2000000000"}) {
      Result result = quantise("--type", "Q8_0", "--threads", threads);
      assertThat(result.code()).isEqualTo(ExitCode.USAGE);
      assertThat(result.err())
          .contains("--threads is " + threads + "; it must be a number from 1 to 1024");
    }
    Result missing = Zonda.run("quantize", "none.gguf", out(), "--type", "Q8_0");
    assertThat(missing.code()).isEqualTo(ExitCode.FAILED);
    assertThat(missing.err()).contains("none.gguf: no such file");
    Result nowhere =
        Zonda.run(
            "quantize", MODEL, folder.resolve("no").resolve("x.gguf").toString(), "--type", "F16");
    assertThat(nowhere.code()).isEqualTo(ExitCode.FAILED);
    assertThat(nowhere.err()).contains("there is no directory " + folder.resolve("no"));
  }

  @Test
  void theHelpNamesEveryType() {
    String help = Zonda.run("quantize", "--help").out().replaceAll("\\s+", " ");
    for (FileType type : FileType.values()) {
      assertThat(help).containsPattern("[ ,]" + type + "[,.]");
    }
  }

  /** A terminal sees a bar; a script does not, as the other tests show. */
  @Test
  void aTerminalSeesTheProgress() {
    ByteArrayOutputStream bar = new ByteArrayOutputStream();
    Console console =
        Console.of(
                new ByteArrayInputStream(new byte[0]),
                new ByteArrayOutputStream(),
                new ByteArrayOutputStream(),
                Map.of())
            .asTerminal();
    try (ByteBar progress = new ByteBar(console, "quantize", bar)) {
      progress.at(1 << 20, 4 << 20);
      progress.at(4 << 20, 4 << 20);
    }
    assertThat(bar.toString(StandardCharsets.UTF_8)).contains("quantize");
  }

  /** Escape codes in names of tensors stay where they are. */
  @Test
  void namesAreMadeHarmless() {
    Path evil = folder.resolve("evil.gguf");
    try (GgufFile model = GgufFile.open(TestModels.golden())) {
      GgufWriter writer = new GgufWriter(model.metadata());
      for (Tensor tensor : model.tensors()) {
        writer.tensor(
            new Tensor(
                tensor.name().replace("blk.0.attn_q", "blk.0.\u202Eattn_q"),
                tensor.type(),
                tensor.shape(),
                tensor.data()));
      }
      writer.write(evil);
    }
    Result result = Zonda.run("quantize", evil.toString(), out(), "--type", "Q8_0", "--dry-run");
    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("blk.0.\\u202eattn_q").doesNotContain("\u202E");
  }
}

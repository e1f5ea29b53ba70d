package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zonda.app.Zonda.Result;
import org.zonda.model.gguf.GgufWriter;
import org.zonda.model.gguf.Metadata;

class InspectCommandTest {

  private static final String MODEL = TestModels.golden().toString();

  @TempDir private Path directory;

  @Test
  void saysWhatTheModelIs() {
    Result result = Zonda.run("inspect", MODEL);
    assertThat(result.code()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .startsWith("model.gguf\n")
        .contains("  architecture  llama\n")
        .contains("  parameters    47.8 thousand (47,776)\n")
        .contains("  format        F32     100.0%")
        .contains("  context       128 tokens\n")
        .contains(" with a full context of 128 tokens (-c N for another)\n")
        .contains("    KV cache    32.0 KiB, F16\n")
        .contains("360 tokens, BOS 1, EOS 2\n")
        .contains("  licence       not stated\n")
        .contains("  runs here     yes\n");
  }

  @Test
  void asJsonWithTensorsMetadataAndChecksum() throws Exception {
    JsonNode json = json(MODEL, "--json", "--tensors", "--metadata", "--sha256");
    assertThat(json.get("runs").booleanValue()).isTrue();
    assertThat(json.get("parameters").longValue()).isEqualTo(47_776);
    assertThat(json.get("size").longValue()).isEqualTo(Files.size(TestModels.golden()));
    assertThat(json.get("licence").isNull()).isTrue();
    assertThat(json.get("metadata").get("llama.context_length").intValue()).isEqualTo(128);
    assertThat(json.get("metadata").get("tokenizer.ggml.tokens")).hasSize(360);
    assertThat(json.get("tensors")).hasSize(21);
    long elements = 0;
    for (JsonNode tensor : json.get("tensors")) {
      long product = 1;
      for (JsonNode size : tensor.get("shape")) {
        product *= size.longValue();
      }
      elements += product;
    }
    assertThat(elements).isEqualTo(47_776);
    byte[] sha256 =
        MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(TestModels.golden()));
    assertThat(json.get("sha256").get(MODEL).textValue())
        .isEqualTo(HexFormat.of().formatHex(sha256));
  }

  @Test
  void anEncoderHasNoChatFormat() {
    String bert = TestModels.encoder().toString();
    assertThat(Zonda.run("inspect", bert).out())
        .contains("  chat format   none: an encoder, for 'zonda embed'\n")
        .contains("  runs here     yes\n");
    assertThat(json(bert, "--json").get("chat_format").isNull()).isTrue();
  }

  @Test
  void theMemoryGrowsWithTheContextAndItsType() {
    long small = memory("-c", "100").get("kv_cache").longValue();
    // 2 layers of key and value, each of 2 heads of 16: 128 halves a token.
    assertThat(small).isEqualTo(100 * 128 * 2);
    assertThat(memory("-c", "200").get("kv_cache").longValue()).isEqualTo(2 * small);
    assertThat(memory("-c", "100", "--cache-type", "f32").get("kv_cache").longValue())
        .isEqualTo(2 * small);
    JsonNode whole = memory("-c", "100");
    assertThat(whole.get("total").longValue())
        .isEqualTo(whole.get("weights").longValue() + small + whole.get("activations").longValue());
  }

  @Test
  void showsATensorsValues() {
    Result result = Zonda.run("inspect", MODEL, "--tensor", "blk.0.attn_norm.weight");
    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("  format        F32\n", "  mean  ", "  row 0  ");
    JsonNode json =
        json(MODEL, "--json", "--tensor", "token_embd.weight", "--row", "359", "--values", "3");
    assertThat(json.get("row").intValue()).isEqualTo(359);
    assertThat(json.get("values")).hasSize(3);
    assertThat(json.get("min").doubleValue()).isLessThan(json.get("mean").doubleValue());
    assertThat(json.get("not_finite").intValue()).isZero();
  }

  @Test
  void aMistypedTensorIsGuessed() {
    Result result = Zonda.run("inspect", MODEL, "--tensor", "blk.0.attn_q.weigth");
    assertThat(result.code()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err())
        .startsWith("zonda: model.gguf: there is no tensor 'blk.0.attn_q.weigth'; similar: ")
        .contains("blk.0.attn_q.weight")
        .hasLineCount(1);
  }

  @Test
  void anArchitectureThatCannotRunIsStillShown() throws IOException {
    Path file = TestModels.unknownArchitecture(directory);
    Result result = Zonda.run("inspect", file.toString());
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .contains("  architecture  alpac\n", "  runs here     not yet\n")
        .contains("architecture 'alpac' is not supported; known: llama")
        // What GGUF's common names tell: key_length is among them.
        .contains("    KV cache    32.0 KiB, F16\n");
    JsonNode json = json(file.toString(), "--json");
    assertThat(json.get("runs").booleanValue()).isFalse();
    assertThat(json.get("obstacles").get(0).textValue()).startsWith("architecture 'alpac'");
    assertThat(json.get("memory").get("activations").isNull()).isTrue();
  }

  @Test
  void aFormatThatCannotRunIsStillShown() {
    Path file = TestModels.unknownFormat(directory);
    Result result = Zonda.run("inspect", file.toString());
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .contains("  format        Q8_1 ", "  runs here     not yet\n")
        .contains("format Q8_1 is not supported; known formats: F32, ");
    Result tensor = Zonda.run("inspect", file.toString(), "--tensor", "token_embd.weight");
    assertThat(tensor.code()).isEqualTo(ExitCode.FAILED);
    assertThat(tensor.out()).contains("  format        Q8_1\n");
    assertThat(tensor.err()).contains("format Q8_1 is not supported");
  }

  @Test
  void hostileMetadataCannotWriteToTheTerminal() {
    Path file = directory.resolve("hostile.gguf");
    Metadata metadata =
        Metadata.builder()
            .putString("general.architecture", "evil\u001b[2J")
            .putString("general.name", "a\nruns here     yes")
            .putString("general.license", "\u001b]0;title\u0007")
            .build("hostile");
    new GgufWriter(metadata).write(file);
    Result result = Zonda.run("inspect", "--metadata", file.toString());
    assertThat(result.code()).isZero();
    assertThat(result.out()).doesNotContain("\u001b", "\u0007", "\nruns here");
    assertThat(result.out()).contains("a\\nruns here     yes", "\\u001b]0;title\\u0007");
  }

  @Test
  void withoutTensorsThereIsLittleToSay() {
    Path file = directory.resolve("empty.gguf");
    new GgufWriter(Metadata.builder().build("empty")).write(file);
    Result result = Zonda.run("inspect", file.toString());
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .contains(
            "  architecture  not named\n", "  parameters    0\n", "  context       unknown\n");
  }

  private static JsonNode memory(String... options) {
    String[] arguments = Arrays.copyOf(options, options.length + 2);
    arguments[options.length] = "--json";
    arguments[options.length + 1] = MODEL;
    return json(arguments).get("memory");
  }

  private static JsonNode json(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "inspect";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    Result result = Zonda.run(all);
    assertThat(result.err()).isEmpty();
    return JsonText.parse(result.out());
  }
}

package org.zonda.model.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.zonda.model.ZondaException;
import org.zonda.model.gguf.GgufFile;
import org.zonda.model.safetensors.SafetensorsSample;

/** PEFT folders: names, orders of rows, scales, and what is refused. */
class PeftAdapterTest {

  private static final String CONFIG =
      "{\"peft_type\":\"LORA\",\"r\":3,\"lora_alpha\":6,\"base_model_name_or_path\":\"some/base\"}";

  private static final int HEADS = 4;
  private static final int COLUMNS = 6;
  private static final int RANK = 3;

  @TempDir private Path folder;

  /** How a converter turns a published matrix into GGUF's, written with its shapes. */
  private interface Converter {
    double[][] convert(double[][] published, int kvHeads);
  }

  private static double[][] same(double[][] published, int kvHeads) {
    return published;
  }

  /** {@code reshape(heads, 2, width / 2, columns).swapaxes(1, 2)}. */
  private static double[][] pairs(double[][] published, int heads) {
    double[][] stored = new double[published.length][];
    int half = published.length / heads / 2;
    int next = 0;
    for (int h = 0; h < heads; h++) {
      for (int i = 0; i < half; i++) {
        for (int j = 0; j < 2; j++) {
          stored[next++] = published[(h * 2 + j) * half + i];
        }
      }
    }
    return stored;
  }

  /** {@code view(kv, heads / kv + 2, width, columns)}, of which all but two, one, and the last. */
  private static double[][] fused(double[][] published, int kvHeads) {
    int slots = HEADS / kvHeads + 2;
    int width = published.length / (kvHeads * slots);
    double[][] stored = new double[published.length][];
    int next = 0;
    int[][] parts = {{0, slots - 2}, {slots - 2, slots - 1}, {slots - 1, slots}};
    for (int[] part : parts) {
      for (int group = 0; group < kvHeads; group++) {
        for (int slot = part[0]; slot < part[1]; slot++) {
          for (int d = 0; d < width; d++) {
            stored[next++] = published[(group * slots + slot) * width + d];
          }
        }
      }
    }
    return stored;
  }

  private static Converter converter(String name, boolean query) {
    return switch (name) {
      case "same" -> PeftAdapterTest::same;
      case "pairs" -> (published, kv) -> pairs(published, query ? HEADS : kv);
      case "fused" -> PeftAdapterTest::fused;
      default -> throw new IllegalArgumentException(name);
    };
  }

  @ParameterizedTest
  @CsvSource({
    "llama, 2, model.layers.1.self_attn.q_proj, attn_q, 32, pairs",
    "llama, 2, model.layers.1.self_attn.k_proj, attn_k, 16, pairs",
    "llama, 4, model.layers.1.self_attn.k_proj, attn_k, 32, pairs",
    "llama, 2, model.layers.1.self_attn.v_proj, attn_v, 16, same",
    "llama, 2, model.layers.1.self_attn.o_proj, attn_output, 24, same",
    "llama, 2, model.layers.1.mlp.gate_proj, ffn_gate, 24, same",
    "llama, 2, model.layers.1.mlp.up_proj, ffn_up, 24, same",
    "llama, 2, model.layers.1.mlp.down_proj, ffn_down, 24, same",
    "granite, 2, model.layers.1.self_attn.q_proj, attn_q, 32, pairs",
    "granite, 2, model.layers.1.self_attn.k_proj, attn_k, 16, pairs",
    "qwen2, 2, model.layers.1.self_attn.q_proj, attn_q, 32, same",
    "qwen3, 2, model.layers.1.self_attn.k_proj, attn_k, 16, same",
    "gemma, 1, model.layers.1.self_attn.q_proj, attn_q, 32, same",
    "gemma3, 1, model.language_model.layers.1.mlp.up_proj, ffn_up, 32, same",
    "gemma3, 1, language_model.model.layers.1.mlp.up_proj, ffn_up, 32, same",
    "stablelm, 2, model.layers.1.self_attn.q_proj, attn_q, 32, same",
    "starcoder2, 2, model.layers.1.mlp.c_fc, ffn_up, 32, same",
    "phi2, 4, model.layers.1.self_attn.dense, attn_output, 32, same",
    "phi3, 1, model.layers.1.self_attn.qkv_proj, attn_qkv, 48, same",
    "phi3, 1, model.layers.1.mlp.gate_up_proj, ffn_up, 48, same",
    "gptneox, 4, gpt_neox.layers.1.attention.query_key_value, attn_qkv, 48, fused",
    "gptneox, 4, gpt_neox.layers.1.mlp.dense_4h_to_h, ffn_down, 48, same",
    "bloom, 4, transformer.h.1.self_attention.query_key_value, attn_qkv, 48, fused",
    "falcon, 1, transformer.h.1.self_attention.query_key_value, attn_qkv, 48, fused",
    "falcon, 2, transformer.h.1.self_attention.query_key_value, attn_qkv, 48, fused",
    "falcon, 1, transformer.h.1.self_attention.dense, attn_output, 48, same",
    "gpt2, 4, transformer.h.1.attn.c_attn, attn_qkv, 48, same",
    "gptj, 4, transformer.h.1.attn.q_proj, attn_q, 32, same",
    "mpt, 4, transformer.blocks.1.attn.Wqkv, attn_qkv, 48, same",
    "bert, 4, bert.encoder.layer.1.attention.self.query, attn_q, 32, same",
    "bert, 4, roberta.encoder.layer.1.output.dense, ffn_down, 32, same"
  })
  void modulesBecomeTheirTensors(
      String architecture, int kvHeads, String module, String tensor, int rows, String order) {
    String target = "blk.1." + tensor + ".weight";
    float[][] a = Samples.matrix(RANK, COLUMNS, 1);
    float[][] b = Samples.matrix(rows, RANK, 2);
    double[][] published = Samples.product(0.5 * 6 / RANK, b, a);
    double[][] expected = converter(order, tensor.equals("attn_q")).convert(published, kvHeads);
    Path peft = Samples.peft(folder, CONFIG, "F32", Samples.peftPair(module, a, b));
    try (GgufFile base =
            Samples.base(architecture, kvHeads, Map.of(target, new int[] {rows, COLUMNS}));
        AdaptedModel adapted =
            AdaptedModel.of(
                base, Samples.transformer(base), List.of(new AdapterChoice(peft, 0.5f)))) {
      assertThat(adapted.deltas()).containsOnlyKeys(target);
      double[][] found = Samples.product(adapted.deltas().get(target));
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < COLUMNS; c++) {
          assertThat(found[r][c]).isCloseTo(expected[r][c], within(1e-6));
        }
      }
    }
  }

  /** The same matrices as the converter of adapters stores them. */
  @Test
  void equalsTheConvertedAdapter() {
    String target = "blk.0.attn_q.weight";
    float[][] a = Samples.matrix(RANK, COLUMNS, 1);
    float[][] b = Samples.matrix(16, RANK, 2);
    float[][] stored = new float[16][];
    for (int r = 0; r < 16; r++) {
      // Heads of four rows: rows 0 1 2 3 of a head are stored as 0 2 1 3.
      stored[r] = b[r / 4 * 4 + new int[] {0, 2, 1, 3}[r % 4]];
    }
    try (GgufFile base = Samples.base("llama", 4, Map.of(target, new int[] {16, COLUMNS}))) {
      for (String type : List.of("F32", "F16", "BF16")) {
        Path peft =
            Samples.peft(
                folder.resolve(type),
                CONFIG,
                type,
                Samples.peftPair("model.layers.0.self_attn.q_proj", a, b));
        Path gguf =
            Samples.gguf(
                folder.resolve("a.gguf"),
                Samples.adapterMetadata("llama", 6).build("adapter"),
                Samples.ggufPair(target, a, stored));
        Delta fromPeft = delta(base, peft);
        Delta fromGguf = delta(base, gguf);
        assertThat(fromPeft.a().toFloats()).isEqualTo(fromGguf.a().toFloats());
        assertThat(fromPeft.b().toFloats()).isEqualTo(fromGguf.b().toFloats());
      }
    }
  }

  /** The only change; its memory stays, as the model is not closed. */
  private static Delta delta(GgufFile base, Path adapter) {
    return AdaptedModel.of(base, Samples.transformer(base), List.of(new AdapterChoice(adapter, 1)))
        .deltas()
        .values()
        .iterator()
        .next();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"r\":3,\"lora_alpha\":6|2",
        "\"r\":3,\"lora_alpha\":6,\"use_rslora\":true|3.4641016",
        "\"r\":8,\"lora_alpha\":6,\"rank_pattern\":{\"down_proj\":3}|2",
        "\"r\":3,\"lora_alpha\":6,\"alpha_pattern\":{\"layers.0.mlp.down_proj\":12}|4",
        "\"r\":3,\"lora_alpha\":6,\"alpha_pattern\":{\"wn_proj\":12,\"up_proj\":9}|2",
        "\"r\":3,\"lora_alpha\":6,\"alpha_pattern\":{\"^model.layers.0.mlp.down_proj\":9}|3",
        "\"r\":3,\"lora_alpha\":6,\"alpha_pattern\":{\"^mlp.down_proj\":9}|2",
        "\"r\":3,\"lora_alpha\":1.5,\"bias\":\"none\",\"modules_to_save\":null|0.5",
        "\"r\":3,\"lora_alpha\":6,\"init_lora_weights\":\"gaussian\",\"fan_in_fan_out\":true|2"
      })
  void scalesFollowTheConfiguration(String fields, double scale) {
    Path peft =
        Samples.peft(
            folder,
            "{\"peft_type\":\"LORA\"," + fields + "}",
            "F32",
            Samples.peftPair(
                "model.layers.0.mlp.down_proj",
                Samples.matrix(RANK, COLUMNS, 1),
                Samples.matrix(5, RANK, 2)));
    try (GgufFile base =
            Samples.base("llama", 4, Map.of("blk.0.ffn_down.weight", new int[] {5, COLUMNS}));
        Adapter adapter = Adapter.open(peft, base)) {
      assertThat(adapter.changes())
          .singleElement()
          .satisfies(
              change -> {
                assertThat(change.tensor()).isEqualTo("blk.0.ffn_down.weight");
                assertThat(change.rank()).isEqualTo(RANK);
                assertThat(change.scale()).isCloseTo(scale, within(1e-6));
              });
    }
  }

  @Test
  void saysWhatItWasMadeFor() {
    Path peft =
        Samples.peft(
            folder,
            CONFIG,
            "F32",
            Samples.peftPair(
                "lm_head", Samples.matrix(RANK, COLUMNS, 1), Samples.matrix(5, RANK, 2)));
    try (GgufFile base = Samples.base("llama", 4, Map.of("output.weight", new int[] {5, COLUMNS}));
        Adapter adapter = Adapter.open(peft, base)) {
      assertThat(adapter.kind()).isEqualTo("PEFT adapter");
      assertThat(adapter.madeFor()).contains("some/base");
      assertThat(adapter.changes().getFirst().tensor()).isEqualTo("output.weight");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"peft_type\":\"IA3\"|'peft_type' is \"IA3\"; expected \"LORA\"",
        "\"use_dora\":true|'use_dora' is true; expected false, as it is not supported",
        "\"lora_bias\":true|'lora_bias' is true",
        "\"use_qalora\":true|'use_qalora' is true",
        "\"bias\":\"all\"|'bias' is \"all\"; expected \"none\"",
        "\"modules_to_save\":[\"embed_tokens\"]|'modules_to_save' is [embed_tokens]",
        "\"layer_replication\":[[0,4]]|'layer_replication' is [[0, 4]]; expected none",
        "\"trainable_token_indices\":[1]|'trainable_token_indices' is [1]; expected none",
        "\"init_lora_weights\":\"pissa_niter_4\"|'init_lora_weights' is \"pissa_niter_4\"",
        "\"r\":0|'r' is 0; expected a whole number of at least 1",
        "\"r\":\"3\"|'r' is \"3\"; expected a number",
        "\"r\":2.5|'r' is 2.5; expected a whole number",
        "\"r\":4|says rank 4 for 'model.layers.0.mlp.down_proj', whose matrices have rank 3",
        "\"rank_pattern\":{\"down_proj\":2}|says rank 2 for",
        "\"rank_pattern\":{\"layers.[0-9]+\":2}|has the pattern 'layers.[0-9]+'",
        "\"alpha_pattern\":{\"a+b\":2}|has the pattern",
        "\"lora_alpha\":null|'lora_alpha' is null; expected a number",
        "\"lora_alpha\":1e999|'lora_alpha' is Infinity; expected a finite number"
      })
  void otherConfigurationsAreRefused(String field, String message) {
    // A field that is there twice is refused for that, so each replaces the good one.
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("peft_type", "\"LORA\"");
    fields.put("r", "3");
    fields.put("lora_alpha", "6");
    int colon = field.indexOf(':');
    fields.put(field.substring(1, colon - 1), field.substring(colon + 1));
    List<String> entries =
        fields.entrySet().stream().map(e -> "\"" + e.getKey() + "\":" + e.getValue()).toList();
    refused(
        "{" + String.join(",", entries) + "}",
        Samples.peftPair(
            "model.layers.0.mlp.down_proj",
            Samples.matrix(RANK, COLUMNS, 1),
            Samples.matrix(5, RANK, 2)),
        message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "base_model.model.model.layers.0.mlp.experts.3.w1.lora_A.weight"
            + "|the module 'model.layers.0.mlp.experts.3.w1' has no known place in a model of"
            + " architecture 'llama'; known in a layer: mlp.down_proj, mlp.gate_proj",
        "base_model.model.model.layers.x.mlp.down_proj.lora_A.weight"
            + "|the module 'model.layers.x.mlp.down_proj' has no known place",
        "base_model.model.model.layers.99999999999.mlp.down_proj.lora_A.weight|no known place",
        "base_model.model.model.norm.lora_A.weight|the module 'model.norm' has no known place",
        "base_model.model.model.embed_tokens.lora_embedding_A|is not supported",
        "base_model.model.model.layers.0.mlp.down_proj.lora_magnitude_vector|is not supported",
        "base_model.model.lm_head.weight|tensor 'base_model.model.lm_head.weight' is not supported",
        "model.layers.0.mlp.down_proj.lora_A.weight|is not supported; expected names such as"
      })
  void unknownModulesAreRefused(String tensor, String message) {
    Map<String, float[][]> tensors = new LinkedHashMap<>();
    tensors.put(tensor, Samples.matrix(RANK, COLUMNS, 1));
    tensors.put(tensor.replace("lora_A", "lora_B"), Samples.matrix(5, RANK, 2));
    refused(CONFIG, tensors, message);
  }

  @Test
  void halvesAreRefused() {
    Map<String, float[][]> pair =
        Samples.peftPair(
            "model.layers.0.mlp.down_proj",
            Samples.matrix(RANK, COLUMNS, 1),
            Samples.matrix(5, RANK, 2));
    String a = "base_model.model.model.layers.0.mlp.down_proj.lora_A.weight";
    String b = a.replace("lora_A", "lora_B");
    refused(CONFIG, Map.of(a, pair.get(a)), "'" + a + "' has no matrix B beside it");
    refused(CONFIG, Map.of(b, pair.get(b)), "'" + b + "' has no matrix A beside it");
    refused(CONFIG, Map.of(), "holds no pair of matrices");
    refused(CONFIG, Map.of(a, pair.get(a), b, new float[5][2]), "has rank 3, but", "has rank 2");
  }

  @Test
  void rankZeroIsRefused() {
    String name = "base_model.model.model.layers.0.mlp.down_proj.lora_%s.weight";
    String entry = "\"%s\":{\"dtype\":\"F32\",\"shape\":[%s],\"data_offsets\":[0,0]}";
    Path peft = Samples.peft(folder, CONFIG, "F32", Map.of());
    new SafetensorsSample()
        .entry(entry.formatted(name.formatted("A"), "0,6"))
        .entry(entry.formatted(name.formatted("B"), "5,0"))
        .write(peft.resolve("adapter_model.safetensors"));
    try (GgufFile base =
        Samples.base("llama", 4, Map.of("blk.0.ffn_down.weight", new int[] {5, COLUMNS}))) {
      assertThatThrownBy(() -> Adapter.open(peft, base))
          .isInstanceOf(ZondaException.class)
          .hasMessageContaining("has rank 0; expected 1 to 65536");
    }
  }

  private void refused(String config, Map<String, float[][]> tensors, String... words) {
    Path peft = Samples.peft(folder, config, "F32", tensors);
    try (GgufFile base =
        Samples.base("llama", 4, Map.of("blk.0.ffn_down.weight", new int[] {5, COLUMNS}))) {
      assertThatThrownBy(() -> Adapter.open(peft, base))
          .isInstanceOf(ZondaException.class)
          .hasMessageStartingWith(peft.toString())
          .hasMessageContainingAll(words);
    }
  }

  @Test
  void foldersWithoutItsFilesAreRefused() throws IOException {
    try (GgufFile base =
        Samples.base("llama", 4, Map.of("blk.0.ffn_down.weight", new int[] {5, COLUMNS}))) {
      assertThatThrownBy(() -> Adapter.open(folder, base))
          .isInstanceOf(ZondaException.class)
          .hasMessage(
              folder + ": there is no adapter_config.json in this folder; expected a PEFT adapter");
      Path config = Files.writeString(folder.resolve("adapter_config.json"), CONFIG);
      Files.createFile(folder.resolve("adapter_model.bin"));
      assertThatThrownBy(() -> Adapter.open(folder, base))
          .isInstanceOf(ZondaException.class)
          .hasMessageContainingAll(
              "no adapter_model.safetensors", "adapter_model.bin has to be saved as safetensors");
      assertThatThrownBy(() -> Adapter.open(config, base))
          .isInstanceOf(ZondaException.class)
          .hasMessageContaining("expected the folder that holds all of it");
    }
  }

  private void configurationRefused(String message) {
    Path config = folder.resolve("adapter_config.json");
    try (GgufFile base =
        Samples.base("llama", 4, Map.of("blk.0.ffn_down.weight", new int[] {5, COLUMNS}))) {
      assertTimeoutPreemptively(
          Duration.ofSeconds(20),
          () ->
              assertThatThrownBy(() -> Adapter.open(folder, base))
                  .isInstanceOf(ZondaException.class)
                  .hasMessage(config + ": " + message));
    }
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has neither pipes nor devices of a name")
  void configurationsThatAreNoFilesAreRefusedUnread() throws Exception {
    Files.createFile(folder.resolve("adapter_model.safetensors"));
    Path config = folder.resolve("adapter_config.json");
    assertThat(new ProcessBuilder("mkfifo", config.toString()).start().waitFor()).isZero();
    configurationRefused("is no regular file; expected JSON");
    Files.delete(config);
    Files.createSymbolicLink(config, Path.of("/dev/zero"));
    configurationRefused("is no regular file; expected JSON");
    Files.delete(config);
  }

  @Test
  void configurationsOfMoreThanAnyHasAreRefused() throws IOException {
    Files.createFile(folder.resolve("adapter_model.safetensors"));
    Path config = folder.resolve("adapter_config.json");
    Files.write(config, new byte[(16 << 20) + 1]);
    configurationRefused("has more than 16777216 bytes; expected at most that many");
    Files.write(config, new byte[] {'{', (byte) 0xff, '}'});
    configurationRefused("is no UTF-8; expected JSON");
  }

  @Test
  void headsThatDoNotDivideTheRowsAreRefused() {
    Path peft =
        Samples.peft(
            folder,
            CONFIG,
            "F32",
            Samples.peftPair(
                "model.layers.0.self_attn.q_proj",
                Samples.matrix(RANK, COLUMNS, 1),
                Samples.matrix(12, RANK, 2)));
    try (GgufFile base =
        Samples.base("llama", 4, Map.of("blk.0.attn_q.weight", new int[] {12, COLUMNS}))) {
      assertThatThrownBy(() -> Adapter.open(peft, base))
          .isInstanceOf(ZondaException.class)
          .hasMessageContaining("has 12 rows for 4 heads and 4 key heads");
    }
  }

  @Test
  void architecturesWithoutATableAreRefused() {
    Path peft =
        Samples.peft(
            folder,
            CONFIG,
            "F32",
            Samples.peftPair("lm_head", Samples.matrix(RANK, COLUMNS, 1), new float[5][RANK]));
    try (GgufFile base =
        Samples.base("unheard", 4, Map.of("output.weight", new int[] {5, COLUMNS}))) {
      assertThatThrownBy(() -> Adapter.open(peft, base))
          .isInstanceOf(ZondaException.class)
          .hasMessageContainingAll("architecture 'unheard'", "llama", "GGUF adapters are");
    }
  }
}

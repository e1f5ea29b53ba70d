package org.zonda.model.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.zonda.model.ModelSource;
import org.zonda.model.UnsupportedModelException;
import org.zonda.model.ZondaException;
import org.zonda.model.gguf.GgufFile;
import org.zonda.model.gguf.Metadata;
import org.zonda.model.gguf.MetadataValue.ArrayValue;
import org.zonda.model.tensor.Tensor;
import org.zonda.model.tensor.TensorType;

/** Which tensor gets which format: against tables that were written by hand from the rules. */
class QuantizationPlanTest {

  private static final int LAYERS = 16;

  private static TensorType type(QuantizationPlan plan, String name) {
    return plan.tensors().stream()
        .filter(tensor -> tensor.source().name().equals(name))
        .findFirst()
        .orElseThrow()
        .type();
  }

  /** A matrix's formats over the layers, runs of the same as {@code Q6_K*2}. */
  private static String layers(QuantizationPlan plan, String matrix) {
    List<String> runs = new ArrayList<>();
    String last = "";
    int count = 0;
    for (int i = 0; i <= LAYERS; i++) {
      String type = i < LAYERS ? type(plan, "blk." + i + "." + matrix + ".weight").name() : "";
      if (!type.equals(last) && count > 0) {
        runs.add(last + "*" + count);
        count = 0;
      }
      last = type;
      count++;
    }
    return String.join(" ", runs);
  }

  private static final String MORE_BITS_OVER_Q4 =
      "Q6_K*2 Q4_K*2 Q6_K*1 Q4_K*2 Q6_K*1 Q4_K*2 Q6_K*1 Q4_K*2 Q6_K*3";

  /**
   * 16 layers: the first eighth is 0 and 1, the last 14 and 15, and 4, 7, 10 and 13 leave 2 when 2
   * is taken away and the rest divided by 3. Columns: attn_v, ffn_down, attn_output, attn_q,
   * output.
   */
  @ParameterizedTest
  @CsvSource({
    "F16, F16*16, F16*16, F16*16, F16*16, F16",
    "BF16, BF16*16, BF16*16, BF16*16, BF16*16, BF16",
    "F32, F32*16, F32*16, F32*16, F32*16, F32",
    "Q8_0, Q8_0*16, Q8_0*16, Q8_0*16, Q8_0*16, Q8_0",
    "Q6_K, Q6_K*16, Q6_K*16, Q6_K*16, Q6_K*16, Q6_K",
    "Q5_K_S, Q5_K*16, Q5_K*16, Q5_K*16, Q5_K*16, Q6_K",
    "Q5_K_M, "
        + "Q6_K*2 Q5_K*2 Q6_K*1 Q5_K*2 Q6_K*1 Q5_K*2 Q6_K*1 Q5_K*2 Q6_K*3, "
        + "Q6_K*2 Q5_K*2 Q6_K*1 Q5_K*2 Q6_K*1 Q5_K*2 Q6_K*1 Q5_K*2 Q6_K*3, "
        + "Q5_K*16, Q5_K*16, Q6_K",
    "Q4_K_M, " + MORE_BITS_OVER_Q4 + ", " + MORE_BITS_OVER_Q4 + ", Q4_K*16, Q4_K*16, Q6_K",
    "Q4_K_S, Q5_K*4 Q4_K*12, Q5_K*2 Q4_K*14, Q4_K*16, Q4_K*16, Q6_K",
    "Q3_K_L, Q5_K*16, Q5_K*16, Q5_K*16, Q3_K*16, Q6_K",
    "Q3_K_M, Q5_K*2 Q4_K*14, Q5_K*1 Q4_K*15, Q4_K*16, Q3_K*16, Q6_K",
    "Q3_K_S, Q3_K*16, Q3_K*16, Q3_K*16, Q3_K*16, Q6_K",
    "Q2_K, Q3_K*16, Q3_K*16, Q3_K*16, Q2_K*16, Q6_K",
    "IQ4_XS, IQ4_XS*16, Q5_K*2 IQ4_XS*14, IQ4_XS*16, IQ4_XS*16, Q6_K",
    "IQ4_NL, IQ4_NL*16, Q5_K*2 IQ4_NL*14, IQ4_NL*16, IQ4_NL*16, Q6_K",
    "Q5_1, Q5_1*16, Q5_1*16, Q5_1*16, Q5_1*16, Q6_K",
    "Q5_0, Q5_0*16, Q5_0*16, Q5_0*16, Q5_0*16, Q6_K",
    "Q4_1, Q4_1*16, Q4_1*16, Q4_1*16, Q4_1*16, Q6_K",
    "Q4_0, Q4_0*16, Q4_0*16, Q4_0*16, Q4_0*16, Q6_K",
    "MXFP4, MXFP4*16, MXFP4*16, MXFP4*16, MXFP4*16, Q6_K",
    "MXFP4_MOE, Q8_0*16, Q8_0*16, Q8_0*16, Q8_0*16, Q8_0",
  })
  void mixes(
      FileType type, String value, String down, String attentionOutput, String query, String out) {
    try (GgufFile model = Models.llama(LAYERS, 256).add("output.weight", 256, 2).open()) {
      QuantizationPlan plan = QuantizationPlan.of(model, type, false, false);
      assertThat(layers(plan, "attn_v")).isEqualTo(value);
      assertThat(layers(plan, "ffn_down")).isEqualTo(down);
      assertThat(layers(plan, "attn_output")).isEqualTo(attentionOutput);
      for (String matrix : List.of("attn_q", "attn_k", "ffn_gate", "ffn_up")) {
        assertThat(layers(plan, matrix)).isEqualTo(query);
      }
      assertThat(type(plan, "output.weight").name()).isEqualTo(out);
      assertThat(type(plan, "token_embd.weight") + "*16").isEqualTo(query);
      assertThat(type(plan, "blk.0.attn_norm.weight")).isEqualTo(TensorType.F32);
      assertThat(type(plan, "output_norm.weight")).isEqualTo(TensorType.F32);
    }
  }

  @Test
  void everyTypeIsInTheTable() throws Exception {
    CsvSource table =
        Arrays.stream(getClass().getDeclaredMethods())
            .filter(method -> method.getName().equals("mixes"))
            .findFirst()
            .orElseThrow()
            .getAnnotation(CsvSource.class);
    assertThat(Arrays.stream(table.value()).map(row -> row.substring(0, row.indexOf(','))))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(FileType.values()).map(FileType::name).toList());
  }

  @ParameterizedTest
  @EnumSource
  void aPureFileIsAllOfTheBase(FileType type) {
    try (GgufFile model = Models.llama(LAYERS, 256).add("output.weight", 256, 2).open()) {
      QuantizationPlan plan = QuantizationPlan.of(model, type, true, false);
      assertThat(plan.tensors())
          .allSatisfy(
              tensor ->
                  assertThat(tensor.type())
                      .isEqualTo(tensor.source().rows() > 1 ? type.base() : TensorType.F32));
    }
  }

  @Test
  void aTiedEmbeddingIsTheOutput() {
    try (GgufFile model = Models.llama(LAYERS, 256).open()) {
      QuantizationPlan plan = QuantizationPlan.of(model, FileType.Q4_K_S, false, false);
      assertThat(type(plan, "token_embd.weight")).isEqualTo(TensorType.Q6_K);
    }
  }

  /** 4 query heads a value head: small matrices that deserve more bits. */
  @ParameterizedTest
  @CsvSource({
    "Q2_K, Q4_K*16",
    "IQ4_XS, Q5_K*16",
    "IQ4_NL, Q5_K*16",
    "Q4_K_S, Q5_K*4 Q4_K*12",
    "Q3_K_S, Q3_K*16"
  })
  void groupedQueries(FileType type, String value) {
    Models models = Models.llama(LAYERS, 256);
    models
        .metadata()
        .putUint32("llama.attention.head_count", 32)
        .put("llama.attention.head_count_kv", ArrayValue.ofInts(8, 4));
    try (GgufFile model = models.open()) {
      assertThat(layers(QuantizationPlan.of(model, type, false, false), "attn_v")).isEqualTo(value);
    }
  }

  @Test
  void eightExperts() {
    Models models = Models.llama(LAYERS, 256).add("output.weight", 256, 2);
    models.add("blk.3.ffn_gate_inp.weight", 256, 8).add("blk.4.ffn_down_exps.weight", 256, 2, 8);
    models.metadata().putUint32("llama.expert_count", 8);
    try (GgufFile model = models.open()) {
      QuantizationPlan plan = QuantizationPlan.of(model, FileType.Q4_K_M, false, false);
      assertThat(layers(plan, "attn_v")).isEqualTo("Q8_0*16");
      assertThat(layers(plan, "attn_k")).isEqualTo("Q8_0*16");
      assertThat(layers(plan, "attn_q")).isEqualTo("Q4_K*16");
      assertThat(layers(plan, "attn_output")).isEqualTo("Q5_K*16");
      assertThat(type(plan, "blk.3.ffn_gate_inp.weight")).isEqualTo(TensorType.F32);
      assertThat(type(plan, "blk.4.ffn_down_exps.weight")).isEqualTo(TensorType.Q6_K);
      plan = QuantizationPlan.of(model, FileType.Q3_K_L, false, false);
      assertThat(layers(plan, "attn_output")).isEqualTo("Q3_K*16");
      plan = QuantizationPlan.of(model, FileType.MXFP4_MOE, false, false);
      assertThat(type(plan, "blk.4.ffn_down_exps.weight")).isEqualTo(TensorType.MXFP4);
      assertThat(layers(plan, "ffn_down")).isEqualTo("Q8_0*16");
    }
  }

  @Test
  void falconsFeedForwardHasRulesOfItsOwn() {
    Models models = Models.llama(LAYERS, 256).add("output.weight", 256, 2);
    models.metadata().putString("general.architecture", "falcon");
    try (GgufFile model = models.open()) {
      QuantizationPlan plan = QuantizationPlan.of(model, FileType.Q4_K_M, false, false);
      assertThat(layers(plan, "ffn_down"))
          .isEqualTo("Q6_K*1 Q5_K*1 Q4_K*2 Q5_K*1 Q4_K*2 Q5_K*1 Q4_K*2 Q5_K*1 Q4_K*2 Q5_K*3");
      assertThat(type(plan, "output.weight")).isEqualTo(TensorType.Q8_0);
      plan = QuantizationPlan.of(model, FileType.Q3_K_M, false, false);
      assertThat(layers(plan, "attn_output")).isEqualTo("Q3_K*16");
      assertThat(layers(plan, "ffn_down"))
          .isEqualTo("Q5_K*1 Q4_K*1 Q3_K*2 Q4_K*1 Q3_K*2 Q4_K*1 Q3_K*2 Q4_K*1 Q3_K*2 Q4_K*3");
    }
  }

  /** 80 layers with shared value heads; a quarter of them would be Q4_K. */
  @Test
  void seventyBillionParameters() {
    Models models = Models.llama(80, 256);
    models
        .metadata()
        .putUint32("llama.attention.head_count", 64)
        .putUint32("llama.attention.head_count_kv", 8);
    try (GgufFile model = models.open()) {
      QuantizationPlan plan = QuantizationPlan.of(model, FileType.Q4_K_S, false, false);
      assertThat(type(plan, "blk.79.attn_v.weight")).isEqualTo(TensorType.Q5_K);
      assertThat(type(plan, "blk.79.attn_q.weight")).isEqualTo(TensorType.Q4_K);
      plan = QuantizationPlan.of(model, FileType.Q5_K_M, false, false);
      assertThat(type(plan, "blk.79.attn_v.weight")).isEqualTo(TensorType.Q6_K);
    }
  }

  /** The second of three value matrices is the second, though its layer is the fifth. */
  @Test
  void valuesAreCountedWhereNotEveryLayerHasThem() {
    Models models = new Models();
    models.add("blk.10.attn_qkv.weight", 256, 2);
    models.add("blk.5.attn_qkv.weight", 256, 2);
    models.add("blk.0.attn_qkv.weight", 256, 2);
    try (GgufFile model = models.open()) {
      QuantizationPlan plan = QuantizationPlan.of(model, FileType.Q3_K_M, false, false);
      assertThat(type(plan, "blk.0.attn_qkv.weight")).isEqualTo(TensorType.Q5_K);
      assertThat(type(plan, "blk.5.attn_qkv.weight")).isEqualTo(TensorType.Q5_K);
      assertThat(type(plan, "blk.10.attn_qkv.weight")).isEqualTo(TensorType.Q4_K);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Q2_K, 64, Q4_0",
    "Q3_K_S, 64, Q4_0",
    "Q4_K_S, 96, Q5_0",
    "Q5_K_S, 288, Q5_1",
    "Q6_K, 64, Q8_0",
    "IQ4_XS, 64, IQ4_NL",
    "Q4_K_S, 48, F16",
    "Q4_0, 48, F16",
    "MXFP4, 33, F16"
  })
  void rowsThatAreNoMultipleOfTheBlock(FileType type, long width, TensorType expected) {
    try (GgufFile model = new Models().add("blk.0.attn_q.weight", width, 2).open()) {
      QuantizationPlan plan = QuantizationPlan.of(model, type, false, false);
      assertThat(plan.tensors().getFirst().type()).isEqualTo(expected);
      assertThat(plan.tensors().getFirst().wanted()).contains(type.base());
      assertThat(plan.fallbacks()).hasSize(1);
    }
  }

  @Test
  void anOutputWhoseRowsAreNoMultipleIsQ8() {
    try (GgufFile model = new Models().add("output.weight", 64, 2).open()) {
      assertThat(type(QuantizationPlan.of(model, FileType.Q4_K_M, false, false), "output.weight"))
          .isEqualTo(TensorType.Q8_0);
      assertThat(type(QuantizationPlan.of(model, FileType.Q4_0, false, false), "output.weight"))
          .as("Q6_K is wanted, and Q8_0 taken for it")
          .isEqualTo(TensorType.Q8_0);
    }
  }

  /** A column of one row, tables of positions, routers and biases are not worth it. */
  @Test
  void whatStaysAsItIs() {
    Models models = new Models();
    models
        .add("position_embd.weight", 256, 4)
        .add("token_types.weight", 256, 2)
        .add("blk.0.ffn_gate_inp.weight", 256, 8)
        .add("blk.0.attn_q_norm.weight", 256, 8)
        .add("blk.0.attn_q.bias", 256, 4)
        .add("blk.0.single.weight", 256, 1)
        .add("rope_freqs.weight", 256);
    List<Long> shape = List.of(256L, 2L);
    models.add(
        new Tensor(
            "blk.0.ids.weight",
            TensorType.I32,
            shape,
            MemorySegment.ofArray(new byte[4 * 2 * 256])));
    try (GgufFile model = models.open()) {
      QuantizationPlan plan = QuantizationPlan.of(model, FileType.Q4_0, true, false);
      assertThat(plan.tensors()).hasSize(8).allMatch(TensorPlan::isCopy);
      assertThat(plan.bytes()).isEqualTo(plan.sourceBytes());
      assertThat(plan.bitsPerWeight()).isEqualTo(32);
    }
  }

  @Test
  void sizes() {
    try (GgufFile model = Models.llama(1, 256).open()) {
      QuantizationPlan plan = QuantizationPlan.of(model, FileType.Q8_0, false, false);
      // 8 matrices of 2 x 256 and 2 vectors of 256.
      assertThat(plan.elements()).isEqualTo(8 * 512 + 2 * 256);
      assertThat(plan.sourceBytes()).isEqualTo(4 * (8 * 512 + 2 * 256));
      assertThat(plan.bytes()).isEqualTo(8 * 512 / 32 * 34 + 4 * 2 * 256);
      assertThat(plan.bitsPerWeight()).isEqualTo(8.0 * plan.bytes() / plan.elements());
      assertThat(plan.sourceBitsPerWeight()).isEqualTo(32);
    }
  }

  @Test
  void metadataStayButForTheTypeAndTheSplitting() {
    Models models = Models.llama(1, 256);
    models
        .metadata()
        .putUint32("general.file_type", 0)
        .putUint32("split.no", 0)
        .putUint32("split.count", 0)
        .putInts("split.tensors.count", 10)
        .putString("general.name", "Name")
        .putStrings("tokenizer.ggml.tokens", List.of("a", "b"));
    try (GgufFile model = models.open()) {
      Metadata metadata = QuantizationPlan.of(model, FileType.Q4_K_M, false, false).metadata();
      assertThat(metadata.keys())
          .containsExactly(
              "general.architecture",
              "general.file_type",
              "general.name",
              "tokenizer.ggml.tokens",
              "general.quantization_version");
      assertThat(metadata.getInt("general.file_type")).isEqualTo(15);
      assertThat(metadata.getInt("general.quantization_version")).isEqualTo(2);
      assertThat(metadata.getStrings("tokenizer.ggml.tokens")).containsExactly("a", "b");
    }
  }

  @Test
  void quantisingTwiceIsRefusedUnlessAllowed() {
    Models models = new Models();
    models.add("blk.0.attn_q.weight", TensorType.Q8_0, List.of(256L, 2L), new float[512]);
    try (GgufFile model = models.open()) {
      assertThatThrownBy(() -> QuantizationPlan.of(model, FileType.Q4_0, false, false))
          .isInstanceOf(ZondaException.class)
          .hasMessageContaining("test.gguf: tensor 'blk.0.attn_q.weight' is Q8_0 already")
          .hasMessageContaining("--allow-requantize");
      assertThat(QuantizationPlan.of(model, FileType.Q4_0, false, true).isRequantised()).isTrue();
      // Neither a copy nor more bits add an error.
      for (FileType type : List.of(FileType.Q8_0, FileType.F32, FileType.F16)) {
        assertThat(QuantizationPlan.of(model, type, false, false).isRequantised()).isFalse();
      }
    }
  }

  @Test
  void whatCannotBeDecodedIsRefused() {
    Tensor unknown =
        new Tensor(
            "blk.0.attn_q.weight",
            TensorType.IQ2_XXS,
            List.of(256L, 2L),
            MemorySegment.ofArray(new byte[132]));
    try (ModelSource model = new Models().add(unknown).open()) {
      assertThatThrownBy(() -> QuantizationPlan.of(model, FileType.Q4_0, false, true))
          .isInstanceOf(UnsupportedModelException.class)
          .hasMessageStartingWith("test.gguf: tensor 'blk.0.attn_q.weight': format IQ2_XXS");
    }
  }

  @Test
  void nothingToQuantise() {
    try (ModelSource model = new Models().open()) {
      assertThatThrownBy(() -> QuantizationPlan.of(model, FileType.Q4_0, false, true))
          .hasMessage("test.gguf: has no tensors; there is nothing to quantise");
    }
  }

  @Test
  void namesOfTypes() {
    assertThat(FileType.parse("q4_k_m")).isEqualTo(FileType.Q4_K_M);
    assertThat(FileType.parse("Q4-K-S")).isEqualTo(FileType.Q4_K_S);
    assertThat(FileType.parse("Q3_K")).isEqualTo(FileType.Q3_K_M);
    assertThat(FileType.parse("Q5_K")).isEqualTo(FileType.Q5_K_M);
    assertThatThrownBy(() -> FileType.parse("IQ2_XXS"))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("IQ2_XXS: models cannot be quantised to this format")
        .hasMessageContaining("Q4_K_M");
    assertThatThrownBy(() -> FileType.parse("best")).hasMessageContaining("best: no such type");
  }

  /** Names that only look like layers. */
  @ParameterizedTest
  @CsvSource({
    "blk.7.attn_v.weight, 7",
    "blk.0.a, 0",
    "blk..a, -1",
    "blk.x.a, -1",
    "blk.99999999999999.a, -1",
    "blk.-1.a, -1",
    "blk.7, -1",
    "output.weight, -1",
    "v.blk.1.attn_v.weight, -1"
  })
  void layersInNames(String name, int layer) {
    assertThat(ModelFacts.layer(name)).isEqualTo(layer);
  }
}

package org.zonda.model.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.zonda.model.ZondaException;
import org.zonda.model.gguf.MetadataType;
import org.zonda.model.gguf.MetadataValue;
import org.zonda.model.graph.Operation;
import org.zonda.model.graph.Rotary;
import org.zonda.model.graph.Transformer;

/** What metadata of single architectures means, where no golden model has it. */
class VariantsTest {

  private static Transformer describe(
      String variant, int context, UnaryOperator<EditedModel> edit) {
    try (EditedModel model = EditedModel.open(variant)) {
      return Architectures.describe(edit.apply(model), context);
    }
  }

  private static Transformer describe(String variant, UnaryOperator<EditedModel> edit) {
    return describe(variant, 0, edit);
  }

  private static <T extends Operation> List<T> operations(Transformer transformer, Class<T> type) {
    return transformer.layers().stream()
        .flatMap(layer -> layer.operations().stream())
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  /** Of the queries of each layer. */
  private static List<Rotary> rotaries(Transformer transformer) {
    List<Operation.Rotate> all = operations(transformer, Operation.Rotate.class);
    return IntStream.range(0, all.size() / 2).mapToObj(i -> all.get(2 * i).rotary()).toList();
  }

  private static List<Integer> windows(Transformer transformer) {
    return transformer.attentions().stream().map(a -> a.mask().window()).toList();
  }

  private static final float[] SHORT = {1, 1, 1, 1, 1, 1, 1, 2};
  private static final float[] LONG = {1, 2, 3, 4, 5, 6, 7, 8};

  private static EditedModel longRope(EditedModel model) {
    return model
        .set("context_length", 4096)
        .set("rope.scaling.original_context_length", 512)
        .put("rope_factors_short.weight", SHORT)
        .put("rope_factors_long.weight", LONG);
  }

  @Test
  void longRopeChoosesItsFactorsByTheContextInUse() {
    float[] plain = rotaries(describe("phi3", model -> model)).getFirst().frequencies();
    for (int context : List.of(0, 513, 4096)) {
      Rotary rotary = rotaries(describe("phi3", context, VariantsTest::longRope)).getFirst();
      for (int i = 0; i < 8; i++) {
        assertThat(rotary.frequencies()[i]).isCloseTo(plain[i] / LONG[i], within(1e-7f));
      }
    }
    for (int context : List.of(1, 512)) {
      Rotary rotary = rotaries(describe("phi3", context, VariantsTest::longRope)).getFirst();
      for (int i = 0; i < 8; i++) {
        assertThat(rotary.frequencies()[i]).isCloseTo(plain[i] / SHORT[i], within(1e-7f));
      }
    }
  }

  /** By hand: 4096 / 512 = 2^3 and 512 = 2^9, so the root of 1 + 3/9, for any context in use. */
  @Test
  void longRopesMagnitudeFollowsFromTheContextsOrIsStated() {
    for (int context : List.of(1, 4096)) {
      assertThat(rotaries(describe("phi3", context, VariantsTest::longRope)))
          .allSatisfy(
              rotary -> assertThat(rotary.magnitude()).isCloseTo(1.1547005f, within(1e-6f)));
    }
    assertThat(rotaries(describe("phi3", m -> longRope(m).set("rope.scaling.attn_factor", 1.25f))))
        .allSatisfy(rotary -> assertThat(rotary.magnitude()).isEqualTo(1.25f));
  }

  @Test
  void longRopeThatContradictsItselfIsRefused() {
    assertThatThrownBy(() -> describe("phi3", m -> longRope(m).remove("rope_factors_long.weight")))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("'rope_factors_long.weight' is missing");
    assertThatThrownBy(() -> describe("phi3", m -> longRope(m).put("rope_factors_long.weight", 7)))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("'rope_factors_long.weight' has shape [7]");
    assertThatThrownBy(() -> describe("phi3", m -> longRope(m).put("rope_factors_long.weight", 8)))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("'rope_factors_long.weight' contains 0.0");
    assertThatThrownBy(() -> describe("phi3", m -> longRope(m).set("rope.scaling.type", "yarn")))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("phi3.rope.scaling.type is yarn; expected longrope");
    assertThatThrownBy(() -> describe("phi3", m -> longRope(m).set("rope.scaling.factor", 8f)))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("phi3.rope.scaling.factor is 8.0; expected none");
  }

  @Test
  void aFactorWithoutATypeIsLinearUnderEitherName() {
    float[] plain = rotaries(describe("gptneox-serial", m -> m)).getFirst().frequencies();
    for (String key : List.of("rope.scaling.factor", "rope.scale_linear")) {
      float[] scaled =
          rotaries(describe("gptneox-serial", m -> m.set(key, 4f))).getFirst().frequencies();
      for (int i = 0; i < plain.length; i++) {
        assertThat(scaled[i]).isEqualTo(plain[i] / 4);
      }
    }
  }

  private static Rotary yarn(UnaryOperator<EditedModel> edit) {
    return rotaries(describe("gptneox-serial", m -> edit.apply(m.set("rope.scaling.type", "yarn"))))
        .getFirst();
  }

  @Test
  void yarnTakesOneFactorUnderEitherNameOrBoth() {
    Rotary expected = yarn(m -> m.set("rope.scaling.factor", 4f));
    // By hand: 0.1 ln 4 + 1.
    assertThat(expected.magnitude()).isCloseTo(1.1386294f, within(1e-6f));
    List<UnaryOperator<EditedModel>> edits =
        List.of(
            m -> m.set("rope.scale_linear", 4f),
            m -> m.set("rope.scale_linear", 4f).set("rope.scaling.factor", 4f),
            m -> m.set("rope.scale_linear", 0f).set("rope.scaling.factor", 4f),
            m -> m.set("rope.scale_linear", 4f).set("rope.scaling.factor", 0f));
    for (UnaryOperator<EditedModel> edit : edits) {
      Rotary rotary = yarn(edit);
      assertThat(rotary.frequencies()).containsExactly(expected.frequencies());
      assertThat(rotary.magnitude()).isEqualTo(expected.magnitude());
    }
  }

  @Test
  void yarnWithAFactorUpToOneLeavesTheMagnitude() {
    for (float factor : new float[] {0.25f, 1}) {
      assertThat(yarn(m -> m.set("rope.scaling.factor", factor)).magnitude()).isEqualTo(1f);
    }
    assertThat(
            yarn(m -> m.set("rope.scaling.factor", 0.25f).set("rope.scaling.attn_factor", 1.5f))
                .magnitude())
        .isEqualTo(1.5f);
  }

  @Test
  void yarnWithoutAFactorIsRefused() {
    assertThatThrownBy(() -> yarn(m -> m))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("gptneox.rope.scaling.factor");
  }

  @Test
  void twoDifferentFactorsAreRefused() {
    for (String type : List.of("yarn", "linear", "")) {
      assertThatThrownBy(
              () ->
                  describe(
                      "gptneox-serial",
                      m ->
                          m.set("rope.scaling.type", type)
                              .set("rope.scale_linear", 2f)
                              .set("rope.scaling.factor", 4f)))
          .isInstanceOf(ZondaException.class)
          .hasMessageContaining(
              "gptneox.rope.scale_linear is 2.0; expected gptneox.rope.scaling.factor's 4.0 or"
                  + " none");
    }
  }

  @Test
  void slidingWindowsOfMistralAndPhi3() {
    for (String variant : List.of("llama-gqa", "phi3")) {
      assertThat(windows(describe(variant, m -> m.set("attention.sliding_window", 5))))
          .containsExactly(5, 5);
      assertThat(windows(describe(variant, m -> m.set("attention.sliding_window", null))))
          .containsExactly(0, 0);
    }
  }

  @Test
  void gemmasWindowsFollowTheirPattern() {
    assertThat(windows(describe("gemma2", m -> m))).containsExactly(4, 0, 4, 0);
    assertThat(windows(describe("gemma2", m -> m.set("attention.sliding_window", null))))
        .containsExactly(4096, 0, 4096, 0);
    assertThat(windows(describe("gemma3", m -> m))).containsExactly(4, 4, 4, 4, 4, 0);
    assertThat(windows(describe("gemma3", m -> m.set("attention.sliding_window_pattern", 3))))
        .containsExactly(4, 4, 0, 4, 4, 0);
    List<MetadataValue.BooleanValue> flags =
        Stream.of(false, true, true, false, true, true)
            .map(MetadataValue.BooleanValue::new)
            .toList();
    MetadataValue pattern = MetadataValue.ArrayValue.of(MetadataType.BOOL, flags);
    assertThat(windows(describe("gemma3", m -> m.set("attention.sliding_window_pattern", pattern))))
        .containsExactly(0, 4, 4, 0, 4, 4);
    assertThatThrownBy(
            () -> describe("gemma2", m -> m.set("attention.sliding_window_pattern", pattern)))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("gemma2.attention.sliding_window_pattern is bool[6]");
  }

  /** The last of six layers is global: scaled, and of the file's base. */
  @Test
  void gemma3ScalesItsGlobalLayersOnly() {
    List<Rotary> plain = rotaries(describe("gemma3", m -> m));
    List<Rotary> scaled =
        rotaries(
            describe(
                "gemma3",
                m -> m.set("rope.scaling.type", "linear").set("rope.scaling.factor", 8f)));
    assertThat(scaled.subList(0, 5)).isEqualTo(plain.subList(0, 5));
    assertThat(plain.getFirst().frequencies()[1])
        .isCloseTo((float) Math.pow(10_000, -1.0 / 8), within(1e-7f));
    assertThat(plain.get(5).frequencies()[1])
        .isCloseTo((float) Math.pow(1e6, -1.0 / 8), within(1e-7f));
    assertThat(scaled.get(5).frequencies()[1]).isEqualTo(plain.get(5).frequencies()[1] / 8);
    for (String key : List.of("rope.freq_base_swa", "rope.local.freq_base")) {
      List<Rotary> other = rotaries(describe("gemma3", m -> m.set(key, 500f)));
      assertThat(other.getFirst().frequencies()[1])
          .isCloseTo((float) Math.pow(500, -1.0 / 8), within(1e-7f));
      assertThat(other.get(5)).isEqualTo(plain.get(5));
    }
  }

  @Test
  void theLargestGemmaAloneScalesScoresByItsWidth() {
    Transformer small = describe("gemma2", m -> m);
    assertThat(small.attentions().getFirst().scores().scale()).isEqualTo(0.25f);
    Transformer stated = describe("gemma2", m -> m.set("attention.scale", 0.125f));
    assertThat(stated.attentions().getFirst().scores().scale()).isEqualTo(0.125f);
    // 46 layers of the same tensors: width 32 of 4 heads.
    Transformer largest =
        describe(
            "gemma2",
            m -> {
              for (int i = 4; i < 46; i++) {
                String prefix = "blk." + i + ".";
                m.tensors().stream()
                    .filter(tensor -> tensor.name().startsWith("blk.0."))
                    .forEach(
                        tensor ->
                            m.put(
                                tensor.name().replace("blk.0.", prefix),
                                tensor.shape().stream().mapToLong(Long::longValue).toArray()));
              }
              return m.set("block_count", 46);
            });
    assertThat(largest.attentions().getFirst().scores().scale())
        .isCloseTo((float) (1 / Math.sqrt(8)), within(1e-7f));
  }

  @Test
  void graniteWithoutPositionsDoesNotRotate() {
    assertThat(rotaries(describe("granite", m -> m.set("rope.scaling.finetuned", true))))
        .hasSize(2);
    assertThat(rotaries(describe("granite", m -> m.set("rope.scaling.finetuned", false))))
        .isEmpty();
  }

  @Test
  void mptWithLearnedPositionsAndNormedQueries() {
    Transformer transformer =
        describe(
            "mpt",
            m ->
                m.set("attention.max_alibi_bias", 0f)
                    .put("position_embd.weight", 64, 128)
                    .put("blk.0.attn_q_norm.weight", 64)
                    .put("blk.0.attn_k_norm.weight", 64));
    assertThat(transformer.attentions().getFirst().scores().maxBias()).isZero();
    assertThat(transformer.embedding().operations()).hasSize(3);
    assertThat(operations(transformer, Operation.Norm.class)).hasSize(6);
    assertThatThrownBy(() -> describe("mpt", m -> m.set("attention.max_alibi_bias", 0f)))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("'position_embd.weight' is missing");
  }

  @Test
  void stableLmIsSerialWhereItHasASecondNormWhateverItsFlagSays() {
    Transformer serial = describe("stablelm", m -> m);
    assertThat(describe("stablelm", m -> m.set("use_parallel_residual", true))).isEqualTo(serial);
    assertThatThrownBy(() -> describe("stablelm-12b", m -> m.set("use_parallel_residual", false)))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("'blk.0.ffn_norm.weight' is missing");
  }

  @Test
  void segmentsHaveToBeAsManyAsTheTokenizerSays() {
    assertThatThrownBy(() -> describe("bert", m -> m.remove("token_types.weight")))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("tokenizer.ggml.token_type_count is 2, but tensor")
        .hasMessageContaining("'token_types.weight' has 0 rows");
  }

  @Test
  void fusedAndSeparateProjectionsAreTheSame() {
    Transformer fused = describe("gpt2", m -> m);
    Transformer apart =
        describe(
            "gpt2",
            m -> {
              for (int i = 0; i < 2; i++) {
                m.remove("blk." + i + ".attn_qkv.weight").remove("blk." + i + ".attn_qkv.bias");
                for (String part : List.of("q", "k", "v")) {
                  m.put("blk." + i + ".attn_" + part + ".weight", 48, 48);
                  m.put("blk." + i + ".attn_" + part + ".bias", 48);
                }
              }
              return m;
            });
    assertThat(apart.layers().getFirst().operations())
        .hasSameSizeAs(fused.layers().getFirst().operations());
    assertThat(operations(fused, Operation.Linear.class).stream().limit(3))
        .extracting(
            linear -> linear.weight().firstRow(), linear -> linear.bias().orElseThrow().from())
        .containsExactly(tuple(0L, 0L), tuple(48L, 48L), tuple(96L, 96L));
  }
}

package org.zonda.model.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.zonda.model.ModelSource;
import org.zonda.model.UnsupportedModelException;
import org.zonda.model.ZondaException;
import org.zonda.model.gguf.Metadata;
import org.zonda.model.gguf.MetadataBuilder;
import org.zonda.model.graph.Operation;
import org.zonda.model.graph.Rotary;
import org.zonda.model.graph.Transformer;
import org.zonda.model.tensor.Tensor;
import org.zonda.model.tensor.TensorType;

/** What the llama family's metadata becomes, and what is refused by name. */
class LlamaTest {

  /** A model of the smallest size, of which a test changes what it is about. */
  private static final class Model implements ModelSource {
    final Map<String, Object> values = new LinkedHashMap<>();
    final Map<String, Tensor> tensors = new LinkedHashMap<>();

    Model() {
      values.put("general.architecture", "llama");
      values.put("llama.context_length", 128);
      values.put("llama.embedding_length", 8);
      values.put("llama.block_count", 1);
      values.put("llama.feed_forward_length", 12);
      values.put("llama.attention.head_count", 2);
      values.put("llama.attention.head_count_kv", 1);
      values.put("llama.attention.layer_norm_rms_epsilon", 1e-5f);
      tensor("token_embd.weight", 8, 10);
      tensor("output_norm.weight", 8);
      tensor("blk.0.attn_norm.weight", 8);
      tensor("blk.0.attn_q.weight", 8, 8);
      tensor("blk.0.attn_k.weight", 8, 4);
      tensor("blk.0.attn_v.weight", 8, 4);
      tensor("blk.0.attn_output.weight", 8, 8);
      tensor("blk.0.ffn_norm.weight", 8);
      tensor("blk.0.ffn_gate.weight", 8, 12);
      tensor("blk.0.ffn_up.weight", 8, 12);
      tensor("blk.0.ffn_down.weight", 12, 8);
    }

    void tensor(String name, long... shape) {
      List<Long> sizes = new ArrayList<>();
      long elements = 1;
      for (long size : shape) {
        sizes.add(size);
        elements *= size;
      }
      MemorySegment data = MemorySegment.ofArray(new float[(int) elements]);
      tensors.put(name, new Tensor(name, TensorType.F32, sizes, data));
    }

    @Override
    public String label() {
      return "test.gguf";
    }

    @Override
    public Metadata metadata() {
      MetadataBuilder builder = Metadata.builder();
      values.forEach(
          (key, value) -> {
            switch (value) {
              case String string -> builder.putString(key, string);
              case Integer number -> builder.putUint32(key, number);
              case Float number -> builder.putFloat32(key, number);
              default -> throw new IllegalArgumentException(key);
            }
          });
      return builder.build(label());
    }

    @Override
    public Collection<Tensor> tensors() {
      return tensors.values();
    }

    @Override
    public Optional<Tensor> findTensor(String name) {
      return Optional.ofNullable(tensors.get(name));
    }

    @Override
    public void close() {}
  }

  private static Transformer describe(Consumer<Model> change) {
    Model model = new Model();
    change.accept(model);
    return Architectures.describe(model);
  }

  private static Rotary rotary(Consumer<Model> change) {
    return describe(change).layers().getFirst().operations().stream()
        .filter(Operation.Rotate.class::isInstance)
        .map(operation -> ((Operation.Rotate) operation).rotary())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void oneLayerReadsFromTopToBottom() {
    Transformer transformer = describe(model -> {});
    assertThat(transformer.vocabularySize()).isEqualTo(10);
    assertThat(transformer.contextLength()).isEqualTo(128);
    assertThat(transformer.layers().getFirst().operations())
        .extracting(operation -> operation.getClass().getSimpleName())
        .containsExactly(
            "Norm",
            "Linear",
            "Linear",
            "Linear",
            "Rotate",
            "Rotate",
            "Attention",
            "Linear",
            "Add",
            "Norm",
            "Linear",
            "Linear",
            "Gate",
            "Linear",
            "Add");
    Operation.Attention attention = transformer.attentions().getFirst();
    assertThat(attention.keyWidth()).isEqualTo(4);
    assertThat(attention.scores().scale()).isEqualTo(0.5f);
  }

  @Test
  void biasesAreUsedWhereTheyAreThere() {
    Transformer transformer = describe(model -> model.tensor("blk.0.attn_k.bias", 4));
    assertThat(
            transformer.layers().getFirst().operations().stream()
                .filter(Operation.Linear.class::isInstance)
                .map(operation -> ((Operation.Linear) operation).bias().isPresent()))
        .containsExactly(false, true, false, false, false, false, false);
  }

  @Test
  void plainFrequenciesFollowTheBase() {
    Rotary rotary = rotary(model -> model.values.put("llama.rope.freq_base", 500000f));
    assertThat(rotary.pairing()).isEqualTo(Rotary.Pairing.ADJACENT);
    assertThat(rotary.frequencies()).containsExactly(1f, (float) Math.pow(500000, -0.5));
    assertThat(rotary.magnitude()).isEqualTo(1f);
  }

  @Test
  void linearScalingAndFrequencyFactorsDivide() {
    Rotary rotary =
        rotary(
            model -> {
              model.values.put("llama.rope.scaling.type", "linear");
              model.values.put("llama.rope.scaling.factor", 4f);
              Tensor factors =
                  new Tensor(
                      "rope_freqs.weight",
                      TensorType.F32,
                      List.of(2L),
                      MemorySegment.ofArray(new float[] {1, 8}));
              model.tensors.put("rope_freqs.weight", factors);
            });
    assertThat(rotary.frequencies()).containsExactly(0.25f, 0.01f / 8 / 4);
  }

  /**
   * YaRN as its paper states it (arXiv:2309.00071, section 3.2), pair by pair: a wavelength that
   * fits 32 times into the original context is kept, one that fits less than once is stretched by
   * the factor, and those between are blended. The blend runs over whole pair numbers, as in the
   * reference implementation, so only its ends are exact.
   */
  @Test
  void yarnKeepsFastPairsStretchesSlowOnesAndBlendsBetween() {
    Consumer<Model> wide =
        model -> {
          model.values.put("llama.attention.key_length", 128);
          model.values.put("llama.attention.value_length", 4);
          model.tensor("blk.0.attn_q.weight", 8, 256);
          model.tensor("blk.0.attn_k.weight", 8, 128);
          model.tensor("blk.0.attn_output.weight", 8, 8);
        };
    float[] plain = rotary(wide).frequencies();
    Rotary yarn =
        rotary(
            wide.andThen(
                model -> {
                  model.values.put("llama.rope.scaling.type", "yarn");
                  model.values.put("llama.rope.scaling.factor", 4f);
                  model.values.put("llama.rope.scaling.original_context_length", 4096);
                }));
    // Hand-computed: 128 * ln(4096 / (32 * 2π)) / (2 ln 10000) = 20.94..., for one turn 45.02...
    int low = 20;
    int high = 46;
    for (int i = 0; i < 64; i++) {
      double stretched = plain[i] / 4;
      double share = Math.clamp((i - low) / (double) (high - low), 0, 1);
      double expected = stretched * share + plain[i] * (1 - share);
      assertThat((double) yarn.frequencies()[i]).isCloseTo(expected, within(1e-6 * expected));
    }
    assertThat(yarn.frequencies()[10]).isEqualTo(plain[10]);
    assertThat(yarn.frequencies()[60]).isEqualTo(plain[60] / 4);
    assertThat(yarn.magnitude()).isCloseTo((float) (0.1 * Math.log(4) + 1), within(1e-6f));
  }

  @ParameterizedTest
  @CsvSource({
    "llama.block_count,0",
    "llama.embedding_length,0",
    "llama.embedding_length,2000000000",
    "llama.attention.head_count,0",
    "llama.attention.head_count_kv,3",
    "llama.feed_forward_length,0",
    "llama.context_length,0",
    "llama.rope.dimension_count,5",
    "llama.rope.dimension_count,6",
    "llama.expert_count,100000000",
  })
  void absurdNumbersAreNamed(String key, int value) {
    assertThatThrownBy(() -> describe(model -> model.values.put(key, value)))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("test.gguf")
        .hasMessageContaining(key)
        .hasMessageContaining(Integer.toString(value));
  }

  @Test
  void headsThatOverflowAreRefused() {
    assertThatThrownBy(
            () ->
                describe(
                    model -> {
                      model.values.put("llama.attention.head_count", 1 << 20);
                      model.values.put("llama.attention.key_length", 1 << 20);
                    }))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("llama.attention.head_count is 1048576");
  }

  @Test
  void anUnknownScalingIsNamedWithTheKnown() {
    assertThatThrownBy(
            () -> describe(model -> model.values.put("llama.rope.scaling.type", "longrope")))
        .isInstanceOf(ZondaException.class)
        .hasMessage(
            "test.gguf: llama.rope.scaling.type is longrope; expected none, linear or yarn");
  }

  @Test
  void aMissingTensorIsNamed() {
    assertThatThrownBy(() -> describe(model -> model.tensors.remove("blk.0.ffn_up.weight")))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("test.gguf: tensor 'blk.0.ffn_up.weight' is missing");
  }

  @Test
  void aTensorOfAnotherShapeIsNamed() {
    assertThatThrownBy(() -> describe(model -> model.tensor("blk.0.ffn_up.weight", 12, 8)))
        .isInstanceOf(ZondaException.class)
        .hasMessage(
            "test.gguf: tensor 'blk.0.ffn_up.weight' has shape [12, 8]; the metadata asks for"
                + " [8, 12]");
  }

  @Test
  void anUnknownArchitectureIsNamedWithTheKnown() {
    assertThatThrownBy(() -> describe(model -> model.values.put("general.architecture", "mamba")))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessage("test.gguf: architecture 'mamba' is not supported; known: llama");
  }
}

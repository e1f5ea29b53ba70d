package org.zonda.model.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.zonda.model.ZondaException;
import org.zonda.model.graph.Transformer;
import org.zonda.model.tensor.Tensor;

/**
 * What every architecture refuses by name, tried on every golden model: a missing tensor, another
 * shape, numbers that contradict the tensors, and whatever the file says beyond the description.
 */
class RefusalTest {

  /** Tensors without which a model is another one of the same architecture. */
  private static final String OPTIONAL =
      "rope_freqs\\.weight" // as in Llama 3.1
          + "|output\\.weight" // tied embeddings
          + "|(granite|llama|stablelm) blk\\.\\d\\.attn_[qkv]\\.bias";

  static List<String> variants() throws IOException, URISyntaxException {
    Path golden = Path.of(RefusalTest.class.getResource("/golden").toURI());
    try (Stream<Path> folders = Files.list(golden)) {
      List<String> variants =
          folders
              .filter(folder -> Files.exists(folder.resolve("model.gguf")))
              .map(folder -> folder.getFileName().toString())
              .sorted()
              .toList();
      assertThat(architectures(variants))
          .as("every architecture is tried")
          .containsAll(
              Architectures.all().stream().flatMap(known -> known.names().stream()).toList());
      return variants;
    }
  }

  private static Set<String> architectures(List<String> variants) {
    Set<String> names = new HashSet<>();
    for (String variant : variants) {
      try (EditedModel model = EditedModel.open(variant)) {
        names.add(model.architecture());
      }
    }
    return names;
  }

  /** A change of a model that its description must not survive. */
  private interface Change {
    void on(EditedModel model);
  }

  private static Optional<String> refusal(String variant, Change change) {
    try (EditedModel model = EditedModel.open(variant)) {
      change.on(model);
      Architectures.describe(model);
      return Optional.empty();
    } catch (ZondaException e) {
      assertThat(e.getMessage()).startsWith("test.gguf: ").doesNotContain("\n");
      return Optional.of(e.getMessage());
    }
  }

  private static void refused(String variant, String name, Change change) {
    assertThat(refusal(variant, change))
        .as(variant + ": " + name)
        .hasValueSatisfying(message -> assertThat(message).contains(name));
  }

  private static List<Tensor> tensors(String variant) {
    try (EditedModel model = EditedModel.open(variant)) {
      return List.copyOf(model.tensors());
    }
  }

  private static String architecture(String variant) {
    try (EditedModel model = EditedModel.open(variant)) {
      return model.architecture();
    }
  }

  /** What a transformer reads of a file. */
  private static Set<String> weights(Transformer transformer) {
    String all = transformer.toString();
    return Stream.of(all.split("[^\\w.]+"))
        .filter(word -> word.endsWith(".weight") || word.endsWith(".bias"))
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @MethodSource("variants")
  void aMissingTensor(String variant) {
    List<String> accepted = new ArrayList<>();
    for (Tensor tensor : tensors(variant)) {
      Optional<String> message = refusal(variant, model -> model.remove(tensor.name()));
      // The other half of a pair may be named, or what takes the place of a fused matrix.
      String stem = tensor.name().replaceAll("(attn)_(qkv|[qk]_norm|norm_2)?.*", "$1");
      stem = stem.equals(tensor.name()) ? stem.replaceAll("\\.(weight|bias)$", "") : stem;
      if (message.isPresent()) {
        assertThat(message.get()).contains("tensor").contains(stem);
      } else {
        accepted.add(architecture(variant) + " " + tensor.name());
      }
    }
    assertThat(accepted).allMatch(name -> name.matches("(\\w+ )?(" + OPTIONAL + ")"));
  }

  @ParameterizedTest
  @MethodSource("variants")
  void aTensorOfAnotherShape(String variant) {
    for (Tensor tensor : tensors(variant)) {
      long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
      shape[0]++;
      refused(variant, "'" + tensor.name() + "'", model -> model.put(tensor.name(), shape));
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void aBiasIsUsedOrRefused(String variant) {
    for (Tensor tensor : tensors(variant)) {
      String bias = tensor.name().replace(".weight", ".bias");
      long[] shape = {tensor.shape().getLast()};
      try (EditedModel model = EditedModel.open(variant)) {
        if (model.findTensor(bias).isEmpty()) {
          model.put(bias, shape);
          Transformer transformer = Architectures.describe(model);
          assertThat(weights(transformer)).contains(bias);
        }
      } catch (ZondaException e) {
        assertThat(e).hasMessageContaining("'" + bias + "'");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void aTensorThatNobodyAskedFor(String variant) {
    for (String extra :
        List.of(
            "blk.1.post_attention_scale.weight",
            "blk.0.ffn_gate_shexp.weight",
            "blk.0.attn_sinks.weight",
            "blk.0.ffn_up.scale",
            "blk.7.attn_norm.weight",
            "per_layer_token_embd.weight")) {
      refused(variant, "'" + extra + "'", model -> model.put(extra, 3));
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void metadataThatWouldChangeTheComputation(String variant) {
    Map<String, Object> values =
        Map.of(
            "attention.clamp_kqv",
            8f,
            "attention.causal",
            variant.matches("bert|roberta"),
            "rope.scaling.type",
            "dynamic",
            "rope.scaling.yarn_log_multiplier",
            0.1f,
            "expert_gating_func",
            2,
            "expert_shared_count",
            1,
            "hidden_activation",
            "mish",
            "router_logit_softcapping",
            30f,
            "tensor_data_layout",
            "someone's own",
            "something_new",
            0.5f);
    values.forEach(
        (name, value) ->
            refused(variant, "." + name + " is " + value, model -> model.set(name, value)));
  }

  /** Keys that some architectures know: the others must refuse them. */
  @ParameterizedTest
  @MethodSource("variants")
  void metadataOfOtherArchitectures(String variant) {
    Map<String, String> known =
        Map.of(
            "attention.max_alibi_bias", "bloom|mpt",
            "logit_scale", "granite",
            "embedding_scale", "granite",
            "residual_scale", "granite",
            "attn_logit_softcapping", "gemma2",
            "final_logit_softcapping", "gemma[23]",
            "rope.freq_base_swa", "gemma3");
    known.forEach(
        (name, architectures) -> {
          if (!architecture(variant).matches(architectures)) {
            refused(variant, "." + name + " is 0.5", model -> model.set(name, 0.5f));
          }
        });
  }

  @ParameterizedTest
  @MethodSource("variants")
  void numbersThatContradictTheTensors(String variant) {
    for (String name : List.of("block_count", "embedding_length", "feed_forward_length")) {
      boolean experts = variant.equals("qwen3moe") && name.equals("feed_forward_length");
      if (!experts) {
        refused(variant, "tensor", model -> model.set(name, model.get(name) + 1));
        refused(variant, "tensor", model -> model.set(name, model.get(name) - 1));
      }
    }
    refused(
        variant, ".attention.head_count_kv is 7", model -> model.set("attention.head_count_kv", 7));
    refused(variant, ".attention.head_count", model -> model.set("attention.head_count", 0));
    refused(variant, ".context_length", model -> model.set("context_length", 0));
    refused(variant, "epsilon", model -> setEpsilon(model, 0f));
    refused(variant, "epsilon", model -> setEpsilon(model, null));
  }

  private static void setEpsilon(EditedModel model, Object value) {
    model.set("attention.layer_norm_epsilon", value);
    model.set("attention.layer_norm_rms_epsilon", value);
  }

  /** What cannot change the forward pass of text does not keep a model from running. */
  @ParameterizedTest
  @MethodSource("variants")
  void whatDoesNotMatterIsLeftOut(String variant) {
    try (EditedModel model = EditedModel.open(variant)) {
      Transformer before = Architectures.describe(model);
      model
          .set("vocab_size", 7)
          .set("pooling_type", 3)
          .set("attention.clamp_kqv", 0f)
          .set("expert_count", 0 + (model.has("expert_count") ? model.get("expert_count") : 0))
          .set("attention.layer_norm_epsilon", 1e-5f)
          .set("attention.layer_norm_rms_epsilon", 1e-5f)
          .set("vision.block_count", 27)
          .put("v.blk.0.attn_q.weight", 4, 4)
          .put("mm.input_projection.weight", 4, 4)
          .put("blk.0.attn_rot_embd.inv_freq", 4);
      assertThat(Architectures.describe(model)).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void anotherActivationIsTakenFromTheMetadata(String variant) {
    try (EditedModel model = EditedModel.open(variant)) {
      Transformer published = Architectures.describe(model);
      Transformer named = Architectures.describe(model.set("hidden_activation", "relu"));
      assertThat(named).isNotEqualTo(published);
      assertThat(named.toString()).contains("RELU").doesNotContain("GELU").doesNotContain("SILU");
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void headsThatOverflow(String variant) {
    assertThatThrownBy(
            () -> {
              try (EditedModel model = EditedModel.open(variant)) {
                Architectures.describe(
                    model
                        .set("attention.head_count", 1 << 20)
                        .set("attention.head_count_kv", 1 << 20)
                        .set("attention.key_length", 1 << 20));
              }
            })
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining(".attention.head_count is 1048576");
  }
}

package org.zonda.runtime.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.zonda.model.UnsupportedModelException;
import org.zonda.model.architecture.Architectures;
import org.zonda.model.graph.Activation;
import org.zonda.model.graph.Block;
import org.zonda.model.graph.BlockBuilder;
import org.zonda.model.graph.Mask;
import org.zonda.model.graph.NormKind;
import org.zonda.model.graph.Rotary;
import org.zonda.model.graph.Scores;
import org.zonda.model.graph.Value;
import org.zonda.model.graph.Weight;
import org.zonda.runtime.cpu.GoldenModel;

class FusionTest {

  private static final Rotary ROTARY =
      new Rotary(Rotary.Pairing.HALVES, new float[] {1f, 0.5f}, 1f);

  private static Weight matrix(String name, int columns, int rows) {
    return new Weight(name, columns, rows, 1);
  }

  private static List<String> kinds(List<Step> steps) {
    return steps.stream().map(step -> step.getClass().getSimpleName()).toList();
  }

  private static List<Step> fuse(Block block) {
    return Fusion.of(block, weight -> "one format");
  }

  @Test
  void aLayerOfLlamaIsSevenSteps() {
    try (GoldenModel model = GoldenModel.open("llama-gqa")) {
      Block layer = Architectures.describe(model.file).layers().getFirst();
      List<Step> steps = fuse(layer);
      assertThat(kinds(steps))
          .containsExactly("Norm", "Project", "Attend", "Project", "Norm", "Gated", "Project");
      Step.Project joined = (Step.Project) steps.get(1);
      assertThat(joined.linears()).hasSize(3);
      assertThat(joined.residual()).isEmpty();
      assertThat(((Step.Attend) steps.get(2)).rotary()).isPresent();
      Step.Project output = (Step.Project) steps.get(3);
      assertThat(output.residual().orElseThrow().input()).isEqualTo(layer.input());
      Step.Project down = (Step.Project) steps.get(6);
      assertThat(down.residual().orElseThrow().output()).isEqualTo(layer.output());
    }
  }

  @Test
  void onlyEqualFormatsAreJoined() {
    try (GoldenModel model = GoldenModel.open("llama-gqa")) {
      Block layer = Architectures.describe(model.file).layers().getFirst();
      List<Step> steps =
          Fusion.of(layer, weight -> weight.name().matches(".*(attn_k|ffn_up).*") ? "other" : "");
      assertThat(kinds(steps))
          .containsExactly(
              "Norm", "Project", "Project", "Attend", "Project", "Norm", "Project", "Project",
              "Gate", "Project");
      assertThat(((Step.Project) steps.get(1)).linears())
          .extracting(linear -> linear.weight().name())
          .containsExactly("blk.0.attn_q.weight", "blk.0.attn_v.weight");
    }
  }

  @Test
  void aMixtureAddsToTheResidual() {
    try (GoldenModel model = GoldenModel.open("llama-moe")) {
      List<Step> steps = fuse(Architectures.describe(model.file).layers().getFirst());
      assertThat(kinds(steps))
          .containsExactly("Norm", "Project", "Attend", "Project", "Norm", "Mixture");
      assertThat(steps.getLast().accumulatesInto()).isPresent();
    }
  }

  /** What is read later must not be overwritten by the sum. */
  @Test
  void aResidualThatIsReadAgainStaysApart() {
    BlockBuilder b = new BlockBuilder("block", 4);
    Value product = b.linear("product", b.input(), matrix("m", 4, 4), Optional.empty());
    Value sum = b.add("sum", b.input(), product);
    Value again = b.add("again", sum, b.input());
    assertThat(kinds(fuse(b.build(again)))).containsExactly("Project", "Add", "Add");
  }

  /** The product reads what it would write. */
  @Test
  void aProductIsNotAddedToItsOwnInput() {
    BlockBuilder b = new BlockBuilder("block", 4);
    Value product = b.linear("product", b.input(), matrix("m", 4, 4), Optional.empty());
    assertThat(kinds(fuse(b.build(b.add("sum", product, b.input())))))
        .containsExactly("Project", "Add");
  }

  @Test
  void aResidualThatIsWrittenLaterStaysApart() {
    BlockBuilder b = new BlockBuilder("block", 4);
    Value product = b.linear("product", b.input(), matrix("m", 4, 4), Optional.empty());
    Value norm =
        b.norm(
            "norm", NormKind.RMS, b.input(), 1, new Weight("w", 4, 1, 1), Optional.empty(), 1e-5f);
    assertThat(kinds(fuse(b.build(b.add("sum", norm, product)))))
        .containsExactly("Project", "Norm", "Add");
  }

  /** The gate's argument is wanted by another too, so it has to exist. */
  @Test
  void aGateThatIsReadElsewhereIsAStepOfItsOwn() {
    BlockBuilder b = new BlockBuilder("block", 4);
    Value gate = b.linear("gate", b.input(), matrix("g", 4, 4), Optional.empty());
    Value up = b.linear("up", b.input(), matrix("u", 4, 4), Optional.empty());
    Value gated = b.gate("gated", Activation.SILU, gate, up);
    assertThat(kinds(fuse(b.build(b.add("sum", gated, gate)))))
        .containsExactly("Project", "Project", "Gate", "Add");
  }

  @Test
  void aRotationOfWhatIsNoQueryOrKeyIsRefused() {
    BlockBuilder b = new BlockBuilder("layer 7", 8);
    Value rotated = b.rotate("rotated", b.input(), 2, ROTARY);
    Block block = b.build(rotated);
    assertThatThrownBy(() -> fuse(block))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessage(
            "layer 7 rotates 'input', which is no query or key, for which the GPU path has no kernel; use --backend cpu");
  }

  @Test
  void differentRotationsOfQueriesAndKeysAreRefused() {
    BlockBuilder b = new BlockBuilder("layer 7", 8);
    Value query = b.rotate("query", b.input(), 2, ROTARY);
    Block block =
        b.build(
            b.attention(
                "attention", query, b.input(), b.input(), 2, 2, Scores.scaled(1), Mask.CAUSAL, 0));
    assertThatThrownBy(() -> fuse(block))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("rotates queries and keys differently");
  }
}

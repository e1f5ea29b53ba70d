package org.zonda.runtime.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.zonda.model.UnsupportedModelException;
import org.zonda.model.architecture.Architectures;
import org.zonda.model.graph.Activation;
import org.zonda.model.graph.Block;
import org.zonda.model.graph.BlockBuilder;
import org.zonda.model.graph.Mask;
import org.zonda.model.graph.NormKind;
import org.zonda.model.graph.Rotary;
import org.zonda.model.graph.Scores;
import org.zonda.model.graph.Transformer;
import org.zonda.model.graph.Value;
import org.zonda.model.graph.Weight;
import org.zonda.runtime.cpu.GoldenModel;

class FusionTest {

  private static final Rotary ROTARY =
      new Rotary(Rotary.Pairing.HALVES, new float[] {1f, 0.5f}, 1f);

  private static Weight matrix(String name, int columns, int rows) {
    return new Weight(name, columns, rows, 1);
  }

  /** What the steps are; of those that work element by element, their operations. */
  private static List<String> kinds(List<Step> steps) {
    return steps.stream()
        .map(step -> step instanceof Step.Element element ? element.operation() : step)
        .map(step -> step.getClass().getSimpleName())
        .toList();
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
      assertThat(steps.getLast().overwrites()).isPresent();
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

  /** Kinds as above, each with what it overwrites. */
  private static List<String> written(List<Step> steps) {
    List<String> kinds = kinds(steps);
    return IntStream.range(0, steps.size())
        .mapToObj(
            i ->
                kinds.get(i)
                    + steps.get(i).overwrites().map(value -> " " + value.name()).orElse(""))
        .toList();
  }

  private static List<String> written(String model, Function<Transformer, Block> block) {
    try (GoldenModel golden = GoldenModel.open(model)) {
      return written(fuse(block.apply(Architectures.describe(golden.file))));
    }
  }

  private static Block lastLayer(Transformer transformer) {
    return transformer.layers().getLast();
  }

  /** Queries and keys are normalised where the joined product wrote them. */
  @ParameterizedTest
  @CsvSource({"qwen3, Gated, Project sum", "qwen3moe, Mixture sum,"})
  void normsOfHeadsStayBetweenProductAndAttention(String model, String next, String last) {
    List<String> expected =
        new ArrayList<>(
            List.of("Norm", "Project", "Norm attn_q", "Norm attn_k", "Attend", "Project input"));
    expected.addAll(List.of("Norm", next));
    if (last != null) {
      expected.add(last);
    }
    assertThat(written(model, FusionTest::lastLayer)).isEqualTo(expected);
  }

  @Test
  void normsAfterAttentionAndFeedForwardAreInPlace() {
    assertThat(written("gemma2", FusionTest::lastLayer))
        .containsExactly(
            "Norm",
            "Project",
            "Attend",
            "Project",
            "Norm attn_output",
            "Add input",
            "Norm",
            "Gated",
            "Project",
            "Norm ffn_down",
            "Add sum");
    assertThat(written("gemma2", Transformer::head))
        .containsExactly("Norm", "Project", "SoftCap output");
    assertThat(written("gemma2", Transformer::embedding))
        .containsExactly("Embed", "Scale token_embd");
  }

  @Test
  void parallelBranchesAreAddedOneAfterTheOther() {
    assertThat(written("gptj", FusionTest::lastLayer))
        .containsExactly(
            "Norm",
            "Project",
            "Attend",
            "Project input",
            "Project",
            "Activate ffn_up",
            "Project sum");
  }

  @Test
  void anEncoderIsNormalisedAfterEachSum() {
    assertThat(written("bert", Transformer::embedding))
        .containsExactly("Embed", "Embed", "Add token_embd", "Embed", "Add sum", "Norm sum");
    assertThat(written("bert", FusionTest::lastLayer))
        .containsExactly(
            "Project",
            "Attend",
            "Project input",
            "Norm sum",
            "Project",
            "Activate ffn_up",
            "Project attn_output_norm",
            "Norm sum");
    assertThat(written("bert", Transformer::head)).isEmpty();
  }

  private static Value attend(BlockBuilder b, Value query, Value key, Value value) {
    return b.attention("attention", query, key, value, 2, 2, Scores.scaled(1), Mask.CAUSAL, 0);
  }

  /** An adapter beside the query's matrix: the three matrices are one still. */
  @Test
  void whatIsAddedToAQueryIsAddedInItsRows() {
    BlockBuilder b = new BlockBuilder("block", 8);
    Value query = b.linear("query", b.input(), matrix("q", 8, 8), Optional.empty());
    Value low = b.linear("low", b.input(), matrix("a", 8, 2), Optional.empty());
    Value high = b.linear("high", low, matrix("b", 2, 8), Optional.empty());
    Value adapted = b.add("adapted", query, b.scale("share", high, 0.5f));
    Value key = b.linear("key", b.input(), matrix("k", 8, 8), Optional.empty());
    Value value = b.linear("value", b.input(), matrix("v", 8, 8), Optional.empty());
    Value turned = b.rotate("turned", adapted, 2, ROTARY);
    List<Step> steps = fuse(b.build(attend(b, turned, b.rotate("key", key, 2, ROTARY), value)));
    assertThat(written(steps))
        .containsExactly("Project", "Project", "Project", "Scale high", "Add query", "Attend");
    assertThat(((Step.Project) steps.getFirst()).linears()).hasSize(3);
  }

  /** A matrix adds to whole rows, so what it adds to cannot stay within longer ones. */
  @Test
  void aPartOfARowIsNotOverwrittenForAMatrix() {
    BlockBuilder b = new BlockBuilder("block", 8);
    Value query = b.linear("query", b.input(), matrix("q", 8, 8), Optional.empty());
    Value key = b.linear("key", b.input(), matrix("k", 8, 8), Optional.empty());
    Value low = b.linear("low", b.input(), matrix("a", 8, 2), Optional.empty());
    Value bounded = b.softCap("bounded", query, 3);
    Value high = b.linear("high", low, matrix("b", 2, 8), Optional.empty());
    Value sum = b.add("sum", bounded, high);
    assertThat(written(fuse(b.build(attend(b, sum, key, key)))))
        .containsExactly("Project", "Project", "SoftCap", "Project bounded", "Attend");
    BlockBuilder c = new BlockBuilder("block", 8);
    query = c.linear("query", c.input(), matrix("q", 8, 8), Optional.empty());
    key = c.linear("key", c.input(), matrix("k", 8, 8), Optional.empty());
    low = c.linear("low", c.input(), matrix("a", 8, 2), Optional.empty());
    high = c.linear("high", low, matrix("b", 2, 8), Optional.empty());
    sum = c.add("sum", high, query);
    assertThat(written(fuse(c.build(attend(c, sum, key, key)))))
        .containsExactly("Project", "Project", "Project", "Add high", "Attend");
  }

  /** The block's input lies where the next block's is wanted: only a sum goes there. */
  @Test
  void theInputIsOverwrittenBySumsOnly() {
    BlockBuilder b = new BlockBuilder("block", 8);
    Value scaled = b.scale("scaled", b.input(), 2);
    assertThat(written(fuse(b.build(scaled)))).containsExactly("Scale");
    BlockBuilder c = new BlockBuilder("block", 8);
    Value twice = c.scale("twice", c.input(), 2);
    Value bounded = c.softCap("bounded", twice, 3);
    assertThat(written(fuse(c.build(c.add("sum", bounded, c.input())))))
        .containsExactly("Scale", "SoftCap twice", "Add input");
  }

  /** The scaled value is read after it was bounded, so that it has to stay. */
  @Test
  void whatIsReadLaterIsNotOverwritten() {
    BlockBuilder b = new BlockBuilder("block", 8);
    Value scaled = b.scale("scaled", b.input(), 2);
    Value bounded = b.softCap("bounded", scaled, 3);
    assertThat(written(fuse(b.build(b.gate("gated", Activation.SILU, bounded, scaled)))))
        .containsExactly("Scale", "SoftCap", "Gate bounded");
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
    Value plain = b.linear("plain", b.input(), matrix("m", 8, 8), Optional.empty());
    Value query = b.rotate("query", plain, 2, ROTARY);
    Block block =
        b.build(
            b.attention(
                "attention", query, b.input(), b.input(), 2, 2, Scores.scaled(1), Mask.CAUSAL, 0));
    assertThatThrownBy(() -> fuse(block))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("rotates queries and keys differently");
  }

  @Test
  void aRotatedQueryThatIsReadElsewhereIsRefused() {
    BlockBuilder b = new BlockBuilder("layer 7", 8);
    Value query = b.linear("query", b.input(), matrix("q", 8, 8), Optional.empty());
    Value key = b.linear("key", b.input(), matrix("k", 8, 8), Optional.empty());
    Value turned = b.rotate("turned", query, 2, ROTARY);
    Value seen = attend(b, turned, b.rotate("turned", key, 2, ROTARY), key);
    Block block = b.build(b.add("sum", seen, query));
    assertThatThrownBy(() -> fuse(block))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("rotates 'query', which is read elsewhere too");
  }

  @Test
  void aSecondAttentionIsRefused() {
    BlockBuilder b = new BlockBuilder("layer 7", 8);
    Value seen = attend(b, b.input(), b.input(), b.input());
    Block block = b.build(attend(b, seen, seen, seen));
    assertThatThrownBy(() -> fuse(block))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining(
            "layer 7 attends more than once, for which the GPU path has no kernel");
  }

  @Test
  void anRmsNormWithABiasIsRefused() {
    BlockBuilder b = new BlockBuilder("layer 7", 4);
    Optional<Weight> bias = Optional.of(new Weight("b", 4, 1, 1));
    Weight weight = new Weight("w", 4, 1, 1);
    Block block = b.build(b.norm("norm", NormKind.RMS, b.input(), 1, weight, bias, 1e-5f));
    assertThatThrownBy(() -> fuse(block))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("adds a bias to the RMS norm of 'input'");
  }
}

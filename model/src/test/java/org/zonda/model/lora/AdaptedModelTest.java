package org.zonda.model.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.gguf.GgufFile;
import org.zonda.model.gguf.Metadata;
import org.zonda.model.gguf.MetadataBuilder;
import org.zonda.model.gguf.MetadataValue.ArrayValue;
import org.zonda.model.graph.Activation;
import org.zonda.model.graph.Block;
import org.zonda.model.graph.BlockBuilder;
import org.zonda.model.graph.NormKind;
import org.zonda.model.graph.Operation;
import org.zonda.model.graph.Operation.Linear;
import org.zonda.model.graph.Transformer;
import org.zonda.model.graph.Value;
import org.zonda.model.graph.Weight;
import org.zonda.model.tensor.Tensor;

/** GGUF adapters, what the description becomes with them, and what is refused. */
class AdaptedModelTest {

  private static final int ROWS = 8;
  private static final int COLUMNS = 6;
  private static final int RANK = 3;
  private static final String TARGET = "blk.0.ffn_up.weight";
  private static final Map<String, int[]> SHAPES =
      Map.of(TARGET, new int[] {ROWS, COLUMNS}, "token_embd.weight", new int[] {3, 2});

  @TempDir private Path folder;

  private static Map<String, float[][]> pair() {
    return Samples.ggufPair(
        TARGET, Samples.matrix(RANK, COLUMNS, 1), Samples.matrix(ROWS, RANK, 2));
  }

  private Path adapter(String name, Metadata metadata, Map<String, float[][]> tensors) {
    return Samples.gguf(folder.resolve(name), metadata, tensors);
  }

  private static Metadata metadata(float alpha) {
    return Samples.adapterMetadata("llama", alpha).build("adapter");
  }

  private static AdaptedModel adapted(GgufFile base, AdapterChoice... choices) {
    return AdaptedModel.of(base, Samples.transformer(base), List.of(choices));
  }

  @Test
  void adaptersOfOneTensorAreJoined() {
    Path first = adapter("a.gguf", metadata(6), pair());
    Path second =
        adapter(
            "b.gguf",
            metadata(0), // no alpha: the scale is 1
            Samples.ggufPair(TARGET, Samples.matrix(2, COLUMNS, 3), Samples.matrix(ROWS, 2, 4)));
    double[][] one =
        Samples.product(
            0.5 * 6 / 3, Samples.matrix(ROWS, RANK, 2), Samples.matrix(RANK, COLUMNS, 1));
    double[][] other =
        Samples.product(-2, Samples.matrix(ROWS, 2, 4), Samples.matrix(2, COLUMNS, 3));
    try (GgufFile base = Samples.base("llama", 4, SHAPES);
        AdaptedModel model =
            adapted(base, new AdapterChoice(first, 0.5f), new AdapterChoice(second, -2))) {
      assertThat(model.label()).isEqualTo("base.gguf + a.gguf:0.5 + b.gguf:-2");
      assertThat(model.deltas()).containsOnlyKeys(TARGET);
      Delta delta = model.deltas().get(TARGET);
      assertThat(delta.rank()).isEqualTo(8); // 3 + 2, filled up
      double[][] sum = Samples.product(delta);
      for (int r = 0; r < ROWS; r++) {
        for (int c = 0; c < COLUMNS; c++) {
          assertThat(sum[r][c]).isCloseTo(one[r][c] + other[r][c], within(1e-5));
        }
      }
      assertThat(model.tensors())
          .extracting(Tensor::name)
          .containsExactlyInAnyOrder(
              TARGET, "token_embd.weight", TARGET + ".lora_a", TARGET + ".lora_b");
      assertThat(model.tensor(TARGET + ".lora_b").shape()).containsExactly(8L, (long) ROWS);
      assertThat(model.findTensor(TARGET)).isEqualTo(base.findTensor(TARGET));
    }
  }

  @Test
  void withoutScaleNothingIsAdded() {
    Path file = adapter("a.gguf", metadata(6), pair());
    try (GgufFile base = Samples.base("llama", 4, SHAPES);
        AdaptedModel model = adapted(base, new AdapterChoice(file, 0))) {
      assertThat(model.deltas()).isEmpty();
      assertThat(model.transformer()).isEqualTo(Samples.transformer(base));
    }
  }

  @Test
  void closingAdaptersLeavesTheBaseOpen() {
    Path file = adapter("a.gguf", metadata(6), pair());
    try (GgufFile base = Samples.base("llama", 4, SHAPES)) {
      AdaptedModel model = adapted(base, new AdapterChoice(file, 1));
      Tensor a = model.tensor(TARGET + ".lora_a");
      model.closeAdapters();
      model.closeAdapters();
      assertThatThrownBy(a::toFloats).isInstanceOf(IllegalStateException.class);
      assertThat(base.tensor(TARGET).toFloats()).hasSize(ROWS * COLUMNS);
    }
  }

  /** A fused matrix: neighbours stay neighbours, A is computed once, and B is taken in parts. */
  @Test
  void partsOfATensorShareItsA() {
    Weight fused = new Weight(TARGET, COLUMNS, ROWS, 1);
    BlockBuilder b = new BlockBuilder("layer", COLUMNS);
    Value left = b.linear("left", b.input(), fused.part(0, 3), Optional.empty());
    Value right = b.linear("right", b.input(), fused.part(3, 5), Optional.empty());
    Value active = b.activate("active", Activation.RELU, right);
    Block layer = b.build(active);
    Path file = adapter("a.gguf", metadata(6), pair());
    try (GgufFile base = Samples.base("llama", 4, SHAPES);
        AdaptedModel model =
            AdaptedModel.of(base, around(layer, base), List.of(new AdapterChoice(file, 1)))) {
      List<Operation> operations = model.transformer().layers().getFirst().operations();
      List<Weight> weights = new ArrayList<>();
      for (Operation operation : operations) {
        if (operation instanceof Linear linear) {
          weights.add(linear.weight());
        }
      }
      assertThat(weights)
          .containsExactly(
              fused.part(0, 3),
              fused.part(3, 5),
              new Weight(TARGET + ".lora_a", COLUMNS, 4, 1),
              new Weight(TARGET + ".lora_b", 4, ROWS, 1).part(0, 3),
              new Weight(TARGET + ".lora_b", 4, ROWS, 1).part(3, 5));
      assertThat(operations.subList(0, 3)).allMatch(Linear.class::isInstance);
      assertThat(operations.getLast()).isEqualTo(layer.operations().getLast());
      assertThat(operations)
          .filteredOn(Operation.Add.class::isInstance)
          .extracting(Operation::output)
          .containsExactly(left, right);
    }
  }

  /** Embeddings of tokens end before the matrix of the logits, with an adapter of it or without. */
  @Test
  void featuresEndBeforeAnAdaptedHead() {
    BlockBuilder b = new BlockBuilder("head", COLUMNS);
    Value h =
        b.norm(
            "norm",
            NormKind.RMS,
            b.input(),
            1,
            new Weight("norm", COLUMNS, 1, 1),
            Optional.empty(),
            1e-5f);
    Block head =
        b.build(b.linear("logits", h, new Weight(TARGET, COLUMNS, ROWS, 1), Optional.empty()));
    Path file = adapter("a.gguf", metadata(6), pair());
    try (GgufFile base = Samples.base("llama", 4, SHAPES)) {
      Transformer plain = Samples.transformer(base);
      Transformer decoder = new Transformer("x", 3, 8, plain.embedding(), plain.layers(), head);
      try (AdaptedModel model =
          AdaptedModel.of(base, decoder, List.of(new AdapterChoice(file, 1)))) {
        assertThat(model.transformer().head()).isNotEqualTo(head);
        assertThat(model.transformer().outputWidth()).isEqualTo(ROWS);
        assertThat(model.transformer().features().head()).isEqualTo(decoder.features().head());
      }
    }
  }

  private static Transformer around(Block layer, GgufFile base) {
    Transformer plain = Samples.transformer(base);
    return new Transformer("x", 3, 8, plain.embedding(), List.of(layer), plain.head());
  }

  private void refused(Metadata metadata, Map<String, float[][]> tensors, String... words) {
    Path file = adapter("bad.gguf", metadata, tensors);
    try (GgufFile base = Samples.base("llama", 4, SHAPES)) {
      assertThatThrownBy(() -> adapted(base, new AdapterChoice(file, 1)))
          .isInstanceOf(ZondaException.class)
          .hasMessageStartingWith(file + ": ")
          .hasMessageContainingAll(words)
          .hasMessageNotContaining("\n");
      // Not applying it does not make it right, but for what only applying would read.
      if (!String.join(" ", words).contains("finite numbers")) {
        assertThatThrownBy(() -> adapted(base, new AdapterChoice(file, 0)))
            .isInstanceOf(ZondaException.class);
      }
    }
  }

  @Test
  void otherFilesAreRefused() {
    refused(
        Metadata.builder().putString("general.architecture", "llama").build("x"),
        pair(),
        "'general.type' is missing; expected adapter: it is no adapter but a model");
    MetadataBuilder vector = Samples.adapterMetadata("llama", 1).putString("adapter.type", "cvec");
    refused(vector.build("x"), pair(), "'adapter.type' is cvec; expected lora");
    refused(
        Samples.adapterMetadata("qwen2", 1).build("x"),
        pair(),
        "'general.architecture' is qwen2; expected llama: as the base base.gguf");
    refused(
        Samples.adapterMetadata("llama", 1)
            .put("adapter.alora.invocation_tokens", ArrayValue.ofInts(1, 2))
            .build("x"),
        pair(),
        "'adapter.alora.invocation_tokens'");
    refused(metadata(Float.NaN), pair(), "'adapter.lora.alpha' is NaN");
  }

  @Test
  void whatDoesNotFitTheBaseIsRefused() {
    refused(
        metadata(1),
        Samples.ggufPair("blk.7.ffn_up.weight", new float[RANK][COLUMNS], new float[ROWS][RANK]),
        "changes 'blk.7.ffn_up.weight', which base.gguf does not have");
    refused(
        metadata(1),
        Samples.ggufPair("output.weight", new float[RANK][COLUMNS], new float[ROWS][RANK]),
        "its output is its embedding table");
    refused(
        metadata(1),
        Samples.ggufPair("token_embd.weight", new float[RANK][2], new float[3][RANK]),
        "changes 'token_embd.weight' of base.gguf, an embedding table");
    refused(
        metadata(1),
        Samples.ggufPair(TARGET, new float[RANK][COLUMNS + 1], new float[ROWS][RANK]),
        "are for a matrix of 8 x 7, but '" + TARGET + "' of base.gguf has 8 x 6");
    refused(
        metadata(1),
        Samples.ggufPair(TARGET, new float[RANK][COLUMNS], new float[ROWS - 1][RANK]),
        "are for a matrix of 7 x 6, but");
  }

  @Test
  void brokenPairsAreRefused() {
    Map<String, float[][]> pair = pair();
    String a = TARGET + ".lora_a";
    String b = TARGET + ".lora_b";
    refused(metadata(1), Map.of(a, pair.get(a)), "'" + a + "' has no matrix B beside it");
    refused(metadata(1), Map.of(b, pair.get(b)), "'" + b + "' has no matrix A beside it");
    refused(metadata(1), Map.of(), "holds no pair of matrices");
    refused(
        metadata(1),
        Map.of(a, pair.get(a), b, new float[ROWS][RANK + 1]),
        "'" + a + "' has rank 3, but '" + b + "' has rank 4");
    Map<String, float[][]> more = new LinkedHashMap<>(pair);
    more.put("blk.0.ffn_norm.weight", new float[1][COLUMNS]);
    refused(metadata(1), more, "'blk.0.ffn_norm.weight' is no half of a pair");
  }

  @Test
  void numbersThatAreNoneAreRefused() {
    float[][] a = Samples.matrix(RANK, COLUMNS, 1);
    float[][] b = Samples.matrix(ROWS, RANK, 2);
    b[5][1] = Float.NaN;
    refused(
        metadata(1),
        Samples.ggufPair(TARGET, a, b),
        "'" + TARGET + ".lora_b' has NaN in row 5, column 1; expected finite numbers");
    a[2][4] = Float.NEGATIVE_INFINITY;
    refused(
        metadata(1),
        Samples.ggufPair(TARGET, a, b),
        "'" + TARGET + ".lora_a' has -Infinity in row 2, column 4; expected finite numbers");
    a[2][4] = 3e38f;
    Path file =
        adapter("a.gguf", metadata(3), Samples.ggufPair(TARGET, a, Samples.matrix(ROWS, RANK, 2)));
    try (GgufFile base = Samples.base("llama", 4, SHAPES)) {
      assertThatThrownBy(() -> adapted(base, new AdapterChoice(file, 10)))
          .isInstanceOf(ZondaException.class)
          .hasMessageContaining("expected a smaller scale");
    }
  }

  @Test
  void memoryOutsideTheHeapThatIsNotThereIsReported() {
    try (Arena arena = Arena.ofConfined()) {
      assertThatThrownBy(() -> AdaptedModel.allocate("t.lora_a", 1L << 30, 1L << 26, arena))
          .isInstanceOf(ZondaException.class)
          .hasMessageStartingWith("t.lora_a: there is not enough memory outside the Java heap")
          .hasMessageContaining("67108864 x 1073741824 numbers");
    }
  }

  /** It is no lack of memory outside the heap, for which other things help. */
  @Test
  void aFullHeapIsNotMistaken() {
    Path file = adapter("a.gguf", metadata(6), pair());
    OutOfMemoryError full = new OutOfMemoryError("Java heap space");
    try (GgufFile base = Samples.base("llama", 4, SHAPES)) {
      ModelSource failing =
          new ModelSource() {
            @Override
            public String label() {
              return base.label();
            }

            @Override
            public Metadata metadata() {
              throw full;
            }

            @Override
            public Collection<Tensor> tensors() {
              return base.tensors();
            }

            @Override
            public Optional<Tensor> findTensor(String name) {
              return base.findTensor(name);
            }

            @Override
            public void close() {}
          };
      assertThatThrownBy(
              () ->
                  AdaptedModel.of(
                      failing, Samples.transformer(base), List.of(new AdapterChoice(file, 1))))
          .isSameAs(full);
    }
  }

  @Test
  void aBaseWithAnAdaptersNamesIsRefused() {
    Path file = adapter("a.gguf", metadata(6), pair());
    Map<String, int[]> shapes = new LinkedHashMap<>(SHAPES);
    shapes.put(TARGET + ".lora_a", new int[] {2, 2});
    try (GgufFile base = Samples.base("llama", 4, shapes)) {
      assertThatThrownBy(() -> adapted(base, new AdapterChoice(file, 1)))
          .isInstanceOf(ZondaException.class)
          .hasMessageContaining("base.gguf: has a tensor '" + TARGET + ".lora_a'");
    }
  }
}

package org.zonda.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.zonda.model.architecture.Architectures;
import org.zonda.model.graph.Transformer;
import org.zonda.runtime.backend.Batch;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.backend.Executor;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.Logits;
import org.zonda.runtime.backend.Part;
import org.zonda.runtime.backend.Stage;
import org.zonda.runtime.backend.StagedExecutor;
import org.zonda.runtime.backend.TopLogits;

/** A model in two stages computes what it computes in one, bit for bit. */
class SplitTest {

  private static final ExecutorOptions OPTIONS = new ExecutorOptions(200, 3, 7, CacheType.F16);

  /** Models, and every number of layers that the first stage can have. */
  static Stream<Arguments> everyBoundary() {
    return Stream.of("llama-gqa", "llama-moe", "llama-tied", "llama-Q8_0")
        .flatMap(
            name -> {
              try (GoldenModel model = GoldenModel.open(name)) {
                int layers = Architectures.describe(model.file).layers().size();
                return IntStream.rangeClosed(0, layers).mapToObj(n -> Arguments.of(name, n));
              }
            });
  }

  @ParameterizedTest
  @MethodSource("everyBoundary")
  void logitsAreTheSame(String name, int boundary) {
    try (GoldenModel model = GoldenModel.open(name);
        CpuBackend backend = new CpuBackend(2)) {
      Transformer transformer = Architectures.describe(model.file);
      int layers = transformer.layers().size();
      Stage first =
          backend.stage(transformer, model.file, OPTIONS, new Part(true, 0, boundary, false));
      Stage second =
          backend.stage(transformer, model.file, OPTIONS, new Part(false, boundary, layers, true));
      try (Executor whole = backend.load(transformer, model.file, OPTIONS);
          Executor split = new StagedExecutor(transformer, OPTIONS, List.of(first, second))) {
        Batch prompts = twoPrompts(model);
        assertThat(rows(split.forward(prompts))).isDeepEqualTo(rows(whole.forward(prompts)));
        assertThat(split.length(0)).isEqualTo(model.tokens.length);
        assertThat(split.cacheBytes()).isEqualTo(whole.cacheBytes());
        for (Executor executor : List.of(whole, split)) {
          executor.truncate(0, 5);
        }
        Batch step = Batch.of(0, 5, model.tokens[0]);
        assertThat(rows(split.forward(step))).isDeepEqualTo(rows(whole.forward(step)));
        TopLogits top = split.top(Batch.of(0, 6, 1), 3);
        TopLogits expected = whole.top(Batch.of(0, 6, 1), 3);
        assertThat(top.ids()).isEqualTo(expected.ids());
        assertThat(top.values()).isEqualTo(expected.values());
        split.truncate(0, 0);
        split.truncate(2, 0);
        assertThat(split.length(0)).isZero();
      }
    }
  }

  /** Two sequences, longer than a chunk, with some rows wanted in each chunk. */
  private static Batch twoPrompts(GoldenModel model) {
    Batch batch = new Batch();
    for (int i = 0; i < model.tokens.length; i++) {
      batch.add(0, model.tokens[i], i, i % 3 == 0);
      batch.add(2, model.tokens[model.tokens.length - 1 - i], i, i % 2 == 0);
    }
    return batch;
  }

  private static float[][] rows(Logits logits) {
    float[][] rows = new float[logits.rows()][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = logits.row(i);
    }
    return rows;
  }

  @Test
  void aPartHasTheMemoryOfItsOwnLayersOnly() {
    try (GoldenModel model = GoldenModel.open("llama-gqa");
        CpuBackend backend = new CpuBackend(1)) {
      Transformer transformer = Architectures.describe(model.file);
      try (Executor whole = backend.load(transformer, model.file, OPTIONS);
          Stage one =
              backend.stage(transformer, model.file, OPTIONS, new Part(false, 1, 2, true))) {
        whole.forward(Batch.of(0, 0, 1));
        one.reserve(0, 1);
        assertThat(one.cacheBytes()).isEqualTo(whole.cacheBytes() / transformer.layers().size());
      }
    }
  }

  @Test
  void aStageSaysWhatItRunsAndWhere() {
    try (GoldenModel model = GoldenModel.open("llama-gqa");
        CpuBackend backend = new CpuBackend(1)) {
      Transformer transformer = Architectures.describe(model.file);
      assertThat(describe(backend, model, transformer, new Part(true, 0, 1, false)))
          .isEqualTo("embedding and layer 0 on " + backend.description());
      assertThat(describe(backend, model, transformer, Part.whole(transformer)))
          .isEqualTo("all layers on " + backend.description());
    }
  }

  private static String describe(
      CpuBackend backend, GoldenModel model, Transformer transformer, Part part) {
    try (Stage stage = backend.stage(transformer, model.file, OPTIONS, part)) {
      return stage.description();
    }
  }
}

package org.zonda.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.zonda.model.ZondaException;
import org.zonda.model.architecture.Architectures;
import org.zonda.model.graph.Transformer;
import org.zonda.runtime.backend.Batch;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.backend.Executor;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.Logits;

/** Every encoder against an independent implementation, in all ways to compute it. */
class GoldenEncoderTest {

  private static final double STRICT = GoldenTest.STRICT;
  private static final double HALF_CACHE = GoldenTest.HALF_CACHE;

  static Stream<Arguments> everything() {
    return GoldenModel.encoders().stream()
        .flatMap(
            model ->
                Stream.of(Engine.values())
                    .flatMap(
                        engine ->
                            Stream.of(CacheType.values())
                                .map(type -> Arguments.of(model, engine, type))));
  }

  private interface Check {
    void run(GoldenModel model, Executor executor, double tolerance);
  }

  private static void with(String name, Engine engine, CacheType type, int batch, Check check) {
    try (GoldenModel model = GoldenModel.open(name);
        CpuBackend backend = engine.open()) {
      Transformer transformer = Architectures.describe(model.file);
      assertThat(transformer.isCausal()).isFalse();
      try (Executor executor =
          backend.load(transformer, model.file, new ExecutorOptions(64, 2, batch, type))) {
        check.run(model, executor, type == CacheType.F32 ? STRICT : HALF_CACHE);
      }
    }
  }

  private static Batch text(int sequence, int... tokens) {
    Batch batch = new Batch();
    for (int i = 0; i < tokens.length; i++) {
      batch.add(sequence, tokens[i], i, true);
    }
    return batch;
  }

  private static float[][] rows(Logits output) {
    float[][] rows = new float[output.rows()][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = output.row(i);
    }
    return rows;
  }

  @ParameterizedTest
  @MethodSource("everything")
  void tokenEmbeddingsAndTheirMean(String name, Engine engine, CacheType type) {
    with(
        name,
        engine,
        type,
        64,
        (model, executor, tolerance) -> {
          float[][] rows = rows(executor.forward(text(0, model.tokens)));
          assertThat(model.distance(rows)).isLessThan(tolerance);
          float[] mean = new float[rows[0].length];
          for (float[] row : rows) {
            for (int i = 0; i < mean.length; i++) {
              mean[i] += row[i] / rows.length;
            }
          }
          float[][] expected = {model.row("embedding")};
          assertThat(GoldenModel.distance(new float[][] {mean}, expected)).isLessThan(tolerance);
        });
  }

  /** A token of one text must not see the other's, also where their rows alternate. */
  @ParameterizedTest
  @MethodSource("everything")
  void twoTextsInOneBatchEqualEachAlone(String name, Engine engine, CacheType type) {
    with(
        name,
        engine,
        type,
        64,
        (model, executor, tolerance) -> {
          int[] other = {7, 300, 12};
          float[][] alone = rows(executor.forward(text(1, other)));
          executor.truncate(1, 0);
          Batch both = new Batch();
          for (int i = 0; i < model.tokens.length; i++) {
            both.add(0, model.tokens[i], i, true);
            if (i < other.length) {
              both.add(1, other[i], i, true);
            }
          }
          Logits output = executor.forward(both);
          float[][] first = new float[model.tokens.length][];
          float[][] second = new float[other.length][];
          for (int i = 0; i < first.length; i++) {
            first[i] = output.row(i + Math.min(i, other.length));
            if (i < other.length) {
              second[i] = output.row(2 * i + 1);
            }
          }
          assertThat(model.distance(first)).isLessThan(tolerance);
          assertThat(GoldenModel.distance(second, alone)).isLessThan(tolerance);
        });
  }

  @ParameterizedTest
  @MethodSource("everything")
  void aTextThatDoesNotFitOnePassIsRefused(String name, Engine engine, CacheType type) {
    with(
        name,
        engine,
        type,
        5,
        (model, executor, tolerance) ->
            assertThatThrownBy(() -> executor.forward(text(0, model.tokens)))
                .isInstanceOf(ZondaException.class));
  }
}

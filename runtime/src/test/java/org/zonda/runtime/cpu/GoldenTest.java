package org.zonda.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
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

/** Every decoder against an independent implementation, in all ways to compute it. */
class GoldenTest {

  /** Separates float32 from every mistake that is known, down to a wrong norm epsilon. */
  static final double STRICT = 5e-5;

  /** Allows the KV cache to be F16. */
  static final double HALF_CACHE = 1e-3;

  static Stream<Arguments> everything() {
    return GoldenModel.decoders().stream()
        .flatMap(
            model ->
                Stream.of(Engine.values())
                    .flatMap(
                        engine ->
                            Stream.of(CacheType.values())
                                .map(type -> Arguments.of(model, engine, type))));
  }

  private interface Check {
    void run(GoldenModel model, Transformer transformer, Executor executor, double tolerance);
  }

  private static void with(String name, Engine engine, CacheType type, int batch, Check check) {
    try (GoldenModel model = GoldenModel.open(name);
        CpuBackend backend = engine.open()) {
      Transformer transformer = Architectures.describe(model.file);
      try (Executor executor =
          backend.load(transformer, model.file, new ExecutorOptions(64, 3, batch, type))) {
        double exact = type == CacheType.F32 ? STRICT : HALF_CACHE;
        check.run(model, transformer, executor, engine.tolerance(model, exact));
      }
    }
  }

  private static Batch prompt(int sequence, int[] tokens) {
    Batch batch = new Batch();
    for (int i = 0; i < tokens.length; i++) {
      batch.add(sequence, tokens[i], i, true);
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

  @ParameterizedTest
  @MethodSource("everything")
  void prefillInOneBatch(String name, Engine engine, CacheType type) {
    with(
        name,
        engine,
        type,
        64,
        (model, transformer, executor, tolerance) ->
            assertThat(model.distance(rows(executor.forward(prompt(0, model.tokens)))))
                .isLessThan(tolerance));
  }

  @ParameterizedTest
  @MethodSource("everything")
  void prefillInChunks(String name, Engine engine, CacheType type) {
    with(
        name,
        engine,
        type,
        5,
        (model, transformer, executor, tolerance) ->
            assertThat(model.distance(rows(executor.forward(prompt(0, model.tokens)))))
                .isLessThan(tolerance));
  }

  @ParameterizedTest
  @MethodSource("everything")
  void tokenByToken(String name, Engine engine, CacheType type) {
    with(
        name,
        engine,
        type,
        64,
        (model, transformer, executor, tolerance) -> {
          float[][] rows = new float[model.tokens.length][];
          for (int i = 0; i < rows.length; i++) {
            rows[i] = executor.forward(Batch.of(0, i, model.tokens[i])).row(0);
          }
          assertThat(model.distance(rows)).isLessThan(tolerance);
        });
  }

  @ParameterizedTest
  @MethodSource("everything")
  void twoSequencesInOneBatchEqualEachAlone(String name, Engine engine, CacheType type) {
    with(
        name,
        engine,
        type,
        64,
        (model, transformer, executor, tolerance) -> {
          int n = model.tokens.length;
          int[] other = new int[n];
          for (int i = 0; i < n; i++) {
            other[i] = model.tokens[n - 1 - i];
          }
          float[][] otherAlone = rows(executor.forward(prompt(2, other)));
          Batch both = new Batch();
          for (int i = 0; i < n; i++) {
            both.add(0, model.tokens[i], i, true).add(1, other[i], i, true);
          }
          Logits logits = executor.forward(both);
          float[][] first = new float[n][];
          float[][] second = new float[n][];
          for (int i = 0; i < n; i++) {
            first[i] = logits.row(2 * i);
            second[i] = logits.row(2 * i + 1);
          }
          if (!engine.isMachine()) {
            for (int i = 0; i < n; i++) {
              assertThat(second[i])
                  .usingComparatorWithPrecision(1e-4f)
                  .containsExactly(otherAlone[i]);
            }
          }
          // Machine code sums more rows in another order, or rounds them in another way.
          assertThat(GoldenModel.distance(second, otherAlone))
              .isLessThan(engine.tolerance(model, STRICT));
          assertThat(model.distance(first)).isLessThan(tolerance);
        });
  }

  /** Bit for bit: the same passes over keys and values that another sequence computed. */
  @ParameterizedTest
  @MethodSource("everything")
  void forkedSequencesEqualWholeOnes(String name, Engine engine, CacheType type) {
    with(
        name,
        engine,
        type,
        64,
        (model, transformer, executor, tolerance) -> {
          int n = model.tokens.length;
          int shared = n / 2;
          int[] rest = Arrays.copyOfRange(model.tokens, shared, n);
          executor.forward(Batch.of(0, 0, Arrays.copyOf(model.tokens, shared)));
          executor.fork(0, 1, shared);
          executor.fork(1, 2, shared - 1);
          float[] whole = executor.forward(Batch.of(0, shared, rest)).row(0);
          float[] last = executor.forward(Batch.of(1, shared, rest)).row(0);
          assertThat(last).isEqualTo(whole);
          executor.truncate(0, shared - 1);
          float[] other = executor.forward(Batch.of(0, shared - 1, rest)).row(0);
          assertThat(executor.forward(Batch.of(2, shared - 1, rest)).row(0)).isEqualTo(other);
          assertThat(other).isNotEqualTo(whole);
          assertThat(
                  GoldenModel.distance(new float[][] {last}, new float[][] {model.logits[n - 1]}))
              .isLessThan(tolerance * 10);
        });
  }

  @ParameterizedTest
  @MethodSource("everything")
  void greedyContinuation(String name, Engine engine, CacheType type) {
    with(
        name,
        engine,
        type,
        64,
        (model, transformer, executor, tolerance) -> {
          Logits logits = executor.forward(prompt(0, model.tokens));
          float[] row = logits.row(logits.rows() - 1);
          int compared = 0;
          for (int i = 0; i < model.greedy.length; i++) {
            // Where the two best are closer than the error may be, either may win.
            if (model.greedyGaps[i] > engine.gap(model, tolerance)) {
              assertThat(argmax(row)).isEqualTo(model.greedy[i]);
              compared++;
            }
            row = executor.forward(Batch.of(0, executor.length(0), model.greedy[i])).row(0);
          }
          assertThat(compared).isPositive();
        });
  }

  private static int argmax(float[] row) {
    int best = 0;
    for (int i = 1; i < row.length; i++) {
      if (row[i] > row[best]) {
        best = i;
      }
    }
    return best;
  }
}

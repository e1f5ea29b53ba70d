package org.zonda.runtime.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
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
import org.zonda.runtime.backend.Progress;
import org.zonda.runtime.backend.Stage;
import org.zonda.runtime.backend.StagedExecutor;
import org.zonda.runtime.backend.TopLogits;
import org.zonda.runtime.cpu.GoldenModel;

/** Every decoder and format on a device against an independent implementation. */
class DeviceGoldenTest {

  /** Separates float32 from every mistake that is known, down to a wrong norm epsilon. */
  private static final double STRICT = 5e-5;

  /** Allows the KV cache to be F16. */
  private static final double HALF_CACHE = 1e-3;

  private static final int SEQUENCES = 3;

  static Stream<Arguments> everything() {
    return GoldenModel.decoders().stream()
        .flatMap(model -> Stream.of(CacheType.values()).map(type -> Arguments.of(model, type)));
  }

  private interface Check {
    void run(GoldenModel model, Executor executor, double tolerance);
  }

  /** A model that stays loaded for all tests: compiling takes longer than running. */
  private record Loaded(
      GoldenModel model, Transformer transformer, ExecutorOptions options, Stage stage) {

    static Loaded load(String name, CacheType type) {
      GoldenModel model = GoldenModel.open(name);
      Transformer transformer = Architectures.describe(model.file);
      ExecutorOptions options = new ExecutorOptions(64, SEQUENCES, 64, type);
      Part whole = Part.whole(transformer);
      TornadoBackend backend =
          new TornadoBackend(TestDevice.DEVICE, TestDevice.PROFILE, Progress.NONE);
      return new Loaded(
          model, transformer, options, backend.stage(transformer, model.file, options, whole));
    }

    void close() {
      stage.close();
      model.close();
    }
  }

  private static final Map<List<?>, Loaded> LOADED = new HashMap<>();

  @AfterAll
  static void close() {
    LOADED.values().forEach(Loaded::close);
    LOADED.clear();
  }

  private static void with(String name, CacheType type, int batch, Check check) {
    Loaded loaded = LOADED.computeIfAbsent(List.of(name, type), key -> Loaded.load(name, type));
    ExecutorOptions options = new ExecutorOptions(64, SEQUENCES, batch, type);
    Executor executor = new StagedExecutor(loaded.transformer, options, List.of(loaded.stage));
    check.run(loaded.model, executor, type == CacheType.F32 ? STRICT : HALF_CACHE);
    for (int sequence = 0; sequence < SEQUENCES; sequence++) {
      executor.truncate(sequence, 0);
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

  /** At once, then, from a shorter sequence on, in chunks of few rows and one of many. */
  @ParameterizedTest
  @MethodSource("everything")
  void prefill(String name, CacheType type) {
    with(
        name,
        type,
        64,
        (model, executor, tolerance) -> {
          float[][] atOnce = rows(executor.forward(prompt(0, model.tokens)));
          assertThat(model.distance(atOnce)).as("at once").isLessThan(tolerance);
          executor.truncate(0, 3);
          float[][] again = atOnce.clone();
          int n = model.tokens.length;
          for (int from = 3; from < n; from += 4) {
            Batch chunk = new Batch();
            for (int i = from; i < Math.min(n, from + 4); i++) {
              chunk.add(0, model.tokens[i], i, true);
            }
            float[][] rows = rows(executor.forward(chunk));
            System.arraycopy(rows, 0, again, from, rows.length);
          }
          assertThat(model.distance(again)).as("in chunks").isLessThan(tolerance);
        });
  }

  @ParameterizedTest
  @MethodSource("everything")
  void prefillInTilesAcrossChunks(String name, CacheType type) {
    with(
        name,
        type,
        11,
        (model, executor, tolerance) ->
            assertThat(model.distance(rows(executor.forward(prompt(0, model.tokens)))))
                .isLessThan(tolerance));
  }

  @ParameterizedTest
  @MethodSource("everything")
  void tokenByToken(String name, CacheType type) {
    with(
        name,
        type,
        64,
        (model, executor, tolerance) -> {
          float[][] rows = new float[model.tokens.length][];
          for (int i = 0; i < rows.length; i++) {
            rows[i] = executor.forward(Batch.of(0, i, model.tokens[i])).row(0);
          }
          assertThat(model.distance(rows)).isLessThan(tolerance);
        });
  }

  @ParameterizedTest
  @MethodSource("everything")
  void twoSequencesInOneBatchEqualEachAlone(String name, CacheType type) {
    with(
        name,
        type,
        64,
        (model, executor, tolerance) -> {
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
          for (int i = 0; i < n; i++) {
            first[i] = logits.row(2 * i);
            assertThat(logits.row(2 * i + 1))
                .usingComparatorWithPrecision(1e-4f)
                .containsExactly(otherAlone[i]);
          }
          assertThat(model.distance(first)).isLessThan(tolerance);
        });
  }

  @ParameterizedTest
  @MethodSource("everything")
  void greedyContinuation(String name, CacheType type) {
    with(
        name,
        type,
        64,
        (model, executor, tolerance) -> {
          Batch prompt = Batch.of(0, 0, model.tokens);
          int compared = 0;
          for (int i = 0; i < model.greedy.length; i++) {
            TopLogits top = executor.top(prompt, i % 2 == 0 ? 1 : 5);
            // Where the two best are closer than the error may be, either may win.
            if (model.greedyGaps[i] > 20 * tolerance) {
              assertThat(top.ids()[0]).isEqualTo(model.greedy[i]);
              compared++;
            }
            prompt = Batch.of(0, executor.length(0), model.greedy[i]);
          }
          assertThat(compared).isPositive();
        });
  }
}

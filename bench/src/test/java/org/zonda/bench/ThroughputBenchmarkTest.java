package org.zonda.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.architecture.Architectures;
import org.zonda.model.graph.Transformer;
import org.zonda.model.synthetic.SyntheticModel;
import org.zonda.runtime.backend.Batch;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.backend.Executor;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.Loader;
import org.zonda.runtime.backend.Logits;
import org.zonda.runtime.backend.TopLogits;
import org.zonda.runtime.cpu.CpuBackend;

class ThroughputBenchmarkTest {

  private static SyntheticModel model;

  @BeforeAll
  static void create() {
    model = SyntheticModel.create("llama-15m:q8_0", 1);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  /** Writes down what it is asked, as {@code tokens@position}, and checks the batches' form. */
  private static final class Recorder implements Loader {
    final List<String> passes = new ArrayList<>();
    ExecutorOptions loadedWith;
    boolean executorClosed;

    @Override
    public String description() {
      return "a recorder";
    }

    @Override
    public Executor load(Transformer transformer, ModelSource weights, ExecutorOptions options) {
      loadedWith = options;
      return new Executor() {
        private int length;

        @Override
        public Transformer transformer() {
          return transformer;
        }

        @Override
        public ExecutorOptions options() {
          return options;
        }

        @Override
        public Logits forward(Batch batch) {
          passes.add(batch.size() + "@" + length);
          for (int i = 0; i < batch.size(); i++) {
            assertThat(batch.sequence(i)).isZero();
            assertThat(batch.position(i)).isEqualTo(length++).isLessThan(options.contextLength());
            assertThat(batch.token(i)).isBetween(0, transformer.vocabularySize() - 1);
            assertThat(batch.wantsLogits(i)).isEqualTo(i == batch.size() - 1);
          }
          return new Logits(
              1, transformer.vocabularySize(), new float[transformer.vocabularySize()]);
        }

        @Override
        public TopLogits top(Batch batch, int best) {
          throw new UnsupportedOperationException("a benchmark reads whole rows");
        }

        @Override
        public int length(int sequence) {
          return length;
        }

        @Override
        public void truncate(int sequence, int newLength) {
          assertThat(newLength).isLessThanOrEqualTo(length);
          length = newLength;
        }

        @Override
        public void fork(int from, int to, int length) {
          throw new AssertionError("there is one sequence");
        }

        @Override
        public long cacheBytes() {
          return 4711;
        }

        @Override
        public void close() {
          executorClosed = true;
        }
      };
    }

    @Override
    public void close() {}
  }

  private static BenchmarkOptions options(int prompt, int generated, int runs, Integer... depths) {
    return new BenchmarkOptions(prompt, generated, List.of(depths), runs, 512, CacheType.F16);
  }

  @Test
  void runsExactlyTheTestsThatItReports() {
    Recorder recorder = new Recorder();
    List<String> steps = new ArrayList<>();

    BenchmarkReport report =
        ThroughputBenchmark.run(
            model,
            recorder,
            options(8, 2, 2, 0, 16, 4),
            (step, completed, total) -> steps.add(step + " " + completed + "/" + total),
            Duration.ZERO);

    assertThat(recorder.passes)
        .containsExactly(
            // warm-up
            "8@0",
            "1@0",
            "1@1",
            // empty cache
            "8@0",
            "8@0",
            "1@0",
            "1@1",
            "1@0",
            "1@1",
            // depth 16, where two positions are left of the last run
            "14@2",
            "8@16",
            "8@16",
            "1@16",
            "1@17",
            "1@16",
            "1@17",
            // depth 4
            "8@4",
            "8@4",
            "1@4",
            "1@5",
            "1@4",
            "1@5");
    assertThat(report.measurements())
        .extracting(m -> m.test() + "@" + m.depth() + "x" + m.tokensPerSecond().size())
        .containsExactly("pp8@0x2", "tg2@0x2", "pp8@16x2", "tg2@16x2", "pp8@4x2", "tg2@4x2");
    assertThat(recorder.loadedWith).isEqualTo(new ExecutorOptions(24, 1, 512, CacheType.F16));
    assertThat(recorder.executorClosed).isTrue();
    assertThat(report.cacheBytes()).isEqualTo(4711);
    assertThat(steps)
        .hasSize(15)
        .startsWith("pp8, warm-up 0/14", "tg2, warm-up 1/14", "pp8, 1 of 2 2/14")
        .contains("tg2 at depth 16, 2 of 2 9/14")
        .endsWith("done 14/14");
  }

  @Test
  void leavesATestOutThatHasNoTokens() {
    Recorder recorder = new Recorder();

    BenchmarkReport report =
        ThroughputBenchmark.run(
            model, recorder, options(0, 3, 1, 0), BenchmarkProgress.none(), Duration.ZERO);

    assertThat(report.measurements()).extracting(Measurement::test).containsExactly("tg3");
    assertThat(recorder.passes).hasSize(6).allMatch(pass -> pass.startsWith("1@"));
  }

  @Test
  void measuresTheCpuAndReportsInTextAndJson() throws Exception {
    BenchmarkReport report;
    try (CpuBackend cpu = new CpuBackend(1)) {
      report =
          ThroughputBenchmark.run(
              model, cpu, options(16, 4, 3, 0, 8), BenchmarkProgress.none(), Duration.ZERO);
    }

    for (Measurement measurement : report.measurements()) {
      assertThat(measurement.min()).isPositive();
      assertThat(measurement.median()).isBetween(measurement.min(), measurement.max());
    }
    assertThat(report.parameters()).isEqualTo(14_487_808);
    assertThat(report.formats()).containsExactly("Q8_0", "F32");
    assertThat(report.cacheBytes()).isPositive();
    assertThat(report.load()).isPositive();

    assertThat(report.toText())
        .contains("llama-15m:q8_0, 0.01 billion parameters, 15.4 MB in Q8_0, F32")
        .contains("CPU, 1 thread")
        .contains(report.machine().java())
        .containsPattern("pp16 +[0-9.]+ +[0-9.]+ +[0-9.]+\n")
        .containsPattern("tg4 @ 8 +[0-9.]+ +[0-9.]+ +[0-9.]+\n");

    JsonNode json = new ObjectMapper().readTree(report.toJson());
    assertThat(report.toJson()).doesNotContain("\n");
    assertThat(json.get("model").asText()).isEqualTo("llama-15m:q8_0");
    assertThat(json.get("weight_bytes").asLong()).isEqualTo(report.weightBytes());
    assertThat(json.get("machine").get("cores").asInt()).isPositive();
    assertThat(json.get("measurements")).hasSize(4);
    JsonNode last = json.get("measurements").get(3);
    assertThat(last.get("test").asText()).isEqualTo("tg4");
    assertThat(last.get("depth").asInt()).isEqualTo(8);
    assertThat(last.get("median").asDouble()).isEqualTo(report.measurements().getLast().median());
    assertThat(last.get("tokens_per_second")).hasSize(3);
  }

  /** Speeds of numbers that overflow or vanish would say little about a real model. */
  @Test
  void measuresNumbersOfASensibleSize() {
    Transformer transformer = Architectures.describe(model);
    try (CpuBackend cpu = new CpuBackend(1);
        Executor executor =
            cpu.load(transformer, model, new ExecutorOptions(8, 1, 8, CacheType.F16))) {
      float[] logits = executor.forward(Batch.of(0, 0, 1, 500, 31_000, 7)).row(0);

      double squares = 0;
      for (float logit : logits) {
        squares += (double) logit * logit;
      }
      assertThat(Math.sqrt(squares / logits.length)).isBetween(0.3, 3.0);
    }
  }

  @Test
  void refusesMoreThanTheContextHolds() {
    assertThatThrownBy(
            () ->
                ThroughputBenchmark.run(
                    model, new Recorder(), options(512, 64, 1, 1600), BenchmarkProgress.none()))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("takes 2112 positions, but the model was made for 2048");
  }

  @Test
  void refusesOptionsOutOfRange() {
    assertThatThrownBy(() -> options(-1, 4, 1, 0))
        .hasMessage("number of prompt tokens is -1; it must be 0 or more");
    assertThatThrownBy(() -> options(4, 4, 0, 0))
        .hasMessage("number of repetitions is 0; it must be 1 or more");
    assertThatThrownBy(() -> options(4, 4, 1, 0, -5))
        .hasMessage("depth is -5; it must be 0 or more");
    assertThatThrownBy(() -> options(0, 0, 1, 0)).hasMessageContaining("nothing to measure");
    assertThatThrownBy(() -> options(4, 4, 1)).hasMessageContaining("nothing to measure");
  }
}

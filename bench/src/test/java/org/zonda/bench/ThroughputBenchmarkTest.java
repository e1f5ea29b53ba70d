package org.zonda.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
    int forks;

    @Override
    public String description() {
      return "a recorder";
    }

    @Override
    public Executor load(Transformer transformer, ModelSource weights, ExecutorOptions options) {
      loadedWith = options;
      return new Executor() {
        private final int[] lengths = new int[options.sequences()];

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
          boolean together = batch.outputs() > 1;
          passes.add(batch.size() + (together ? "x" : "") + "@" + lengths[0]);
          for (int i = 0; i < batch.size(); i++) {
            int sequence = batch.sequence(i);
            assertThat(sequence).isEqualTo(together ? i : 0);
            assertThat(batch.position(i))
                .isEqualTo(lengths[sequence]++)
                .isLessThan(options.contextLength());
            assertThat(batch.token(i)).isBetween(0, transformer.vocabularySize() - 1);
            assertThat(batch.wantsLogits(i)).isEqualTo(together || i == batch.size() - 1);
          }
          return new Logits(
              batch.outputs(),
              transformer.vocabularySize(),
              new float[batch.outputs() * transformer.vocabularySize()]);
        }

        @Override
        public TopLogits top(Batch batch, int best) {
          throw new UnsupportedOperationException("a benchmark reads whole rows");
        }

        @Override
        public int length(int sequence) {
          return lengths[sequence];
        }

        @Override
        public void truncate(int sequence, int length) {
          assertThat(length).isLessThanOrEqualTo(lengths[sequence]);
          lengths[sequence] = length;
        }

        @Override
        public void fork(int from, int to, int length) {
          assertThat(lengths[to]).isZero();
          assertThat(length).isLessThanOrEqualTo(lengths[from]);
          lengths[to] = length;
          forks++;
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

    List<BenchmarkRun> soFar = new ArrayList<>();

    BenchmarkRun run =
        ThroughputBenchmark.run(
            model,
            recorder,
            3,
            options(8, 2, 2, 0, 16, 4),
            (step, completed, total) -> steps.add(step + " " + completed + "/" + total),
            Duration.ZERO,
            soFar::add);

    assertThat(recorder.passes)
        .containsExactly(
            // empty cache, a warm-up first
            "8@0",
            "8@0",
            "8@0",
            "1@0",
            "1@1",
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
    assertThat(run.measurements())
        .extracting(m -> m.name() + ", " + m.tokensPerSecond().size())
        .containsExactly(
            "pp8, 2", "tg2, 2", "pp8 @ 16, 2", "tg2 @ 16, 2", "pp8 @ 4, 2", "tg2 @ 4, 2");
    assertThat(run.threads()).isEqualTo(3);
    assertThat(recorder.loadedWith).isEqualTo(new ExecutorOptions(24, 1, 512, CacheType.F16));
    assertThat(recorder.executorClosed).isTrue();
    assertThat(run.cacheBytes()).isEqualTo(4711);
    assertThat(run.measurements()).allMatch(m -> m.cacheBytes() == 4711);
    assertThat(soFar).hasSize(12);
    assertThat(soFar.get(2).measurements())
        .extracting(m -> m.name() + ", " + m.tokensPerSecond().size())
        .containsExactly("pp8, 2", "tg2, 1");
    assertThat(soFar.getLast().measurements()).isEqualTo(run.measurements());
    assertThat(steps)
        .hasSize(15)
        .startsWith(
            "pp8, warm-up 0/14", "pp8, 1 of 2 1/14", "pp8, 2 of 2 2/14", "tg2, warm-up 3/14")
        .contains("tg2 @ 16, 2 of 2 9/14")
        .endsWith("done 14/14");
  }

  @Test
  void leavesATestOutThatHasNoTokens() {
    Recorder recorder = new Recorder();

    BenchmarkRun run = run(recorder, options(0, 3, 1, 0));

    assertThat(run.measurements()).extracting(Measurement::name).containsExactly("tg3");
    assertThat(recorder.passes).hasSize(6).allMatch(pass -> pass.startsWith("1@"));
  }

  private static BenchmarkRun run(Loader backend, BenchmarkOptions options) {
    return ThroughputBenchmark.run(
        model, backend, 1, options, BenchmarkProgress.none(), Duration.ZERO, soFar -> {});
  }

  @Test
  void writesSeveralSequencesThatShareWhatIsBefore() {
    Recorder recorder = new Recorder();

    BenchmarkRun run =
        run(
            recorder,
            new BenchmarkOptions(
                List.of(5, 7), List.of(2), List.of(6), List.of(1, 3), 1, 512, CacheType.F16));

    assertThat(recorder.passes)
        .containsExactly(
            // a warm-up each, and what is missing of the prompt that is shared
            "5@0",
            "1@5",
            "5@6",
            "7@0",
            "7@6",
            "1@0",
            "1@1",
            "4@2",
            "1@6",
            "1@7",
            "3x@0",
            "3x@1",
            "4@2",
            "3x@6",
            "3x@7");
    assertThat(recorder.forks).isEqualTo(4);
    assertThat(recorder.loadedWith).isEqualTo(new ExecutorOptions(13, 3, 512, CacheType.F16));
    assertThat(run.measurements())
        .extracting(Measurement::name)
        .containsExactly("pp5 @ 6", "pp7 @ 6", "tg2 @ 6", "tg2 @ 6 x 3");
  }

  /** The keys and values of 128 positions, of 8 layers with 4 heads of 32 for each, in 2 bytes. */
  @Test
  void countsOnceWhatSequencesShare() {
    long shared = 128 * 8 * 2 * 4 * 32 * 2;
    BenchmarkRun run;
    try (CpuBackend cpu = new CpuBackend(1)) {
      run =
          run(
              cpu,
              new BenchmarkOptions(
                  List.of(0), List.of(1), List.of(128), List.of(1, 5), 1, 512, CacheType.F16));
    }

    long one = run.measurements().getFirst().cacheBytes() - shared;
    long five = run.measurements().getLast().cacheBytes() - shared;
    assertThat(one).isBetween(1L, shared / 2);
    assertThat(five).isEqualTo(5 * one);
  }

  @Test
  void measuresTheCpu() {
    BenchmarkRun run;
    try (CpuBackend cpu = new CpuBackend(1)) {
      run = run(cpu, options(16, 4, 3, 0, 8));
    }

    for (Measurement measurement : run.measurements()) {
      assertThat(measurement.min()).isPositive();
      assertThat(measurement.median()).isBetween(measurement.min(), measurement.max());
    }
    assertThat(run.parameters()).isEqualTo(14_487_808);
    assertThat(run.formats()).containsExactly("Q8_0", "F32");
    assertThat(run.cacheBytes()).isPositive();
    assertThat(run.load()).isPositive();
    // All weights once, though the tied embedding serves twice, and a row of it.
    assertThat(run.measurements().get(1).stepBytes().getAsLong())
        .isBetween(run.weightBytes(), run.weightBytes() + (1 << 20));
    assertThat(run.measurements().getFirst().stepBytes()).isEmpty();
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
                    model, new Recorder(), 1, options(512, 64, 1, 1600), BenchmarkProgress.none()))
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

  private static BenchmarkOptions sequences(int generated, Integer... sequences) {
    return new BenchmarkOptions(
        List.of(8), List.of(generated), List.of(0), List.of(sequences), 1, 512, CacheType.F16);
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThatThrownBy(() -> sequences(4, 0))
        .hasMessage("number of sequences is 0; it must be 1 or more");
    assertThatThrownBy(() -> sequences(4, 2000))
        .hasMessage("number of sequences is 2000; it must be 1024 or less");
    assertThatThrownBy(() -> sequences(0, 4))
        .hasMessageContaining("several sequences are measured by writing");
    assertThatThrownBy(() -> options(4, 4, 6000, 0))
        .hasMessageContaining("12000 measurements were asked for; at most 10000 make sense");
  }

  @Test
  void countsOnceWhatIsAskedForTwice() {
    assertThat(sequences(4, 2, 1, 2).tests())
        .extracting(BenchmarkTest::fullName)
        .containsExactly("pp8", "tg4", "tg4 x 2");
  }

  @Test
  void loadsAnewWhereTheSizeOfTheCacheCounts() {
    assertThat(options(8, 4, 1, 0, 16).apart()).containsExactly(options(8, 4, 1, 0, 16));

    BenchmarkOptions several =
        new BenchmarkOptions(
            List.of(8), List.of(4), List.of(0, 16), List.of(1, 3), 2, 512, CacheType.F16);
    assertThat(several.apart())
        .extracting(part -> part.tests().stream().map(BenchmarkTest::fullName).toList().toString())
        .containsExactly("[pp8, pp8 @ 16]", "[tg4, tg4 x 3]", "[tg4 @ 16, tg4 @ 16 x 3]");
  }
}

package org.zonda.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.synthetic.SyntheticModel;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.cpu.CpuBackend;

class BenchmarkMatrixTest {

  private static Supplier<ModelSource> model(String format) {
    return () -> SyntheticModel.create("llama-15m:" + format, 1);
  }

  private static BenchmarkOptions options(int prompt, int batch, CacheType type) {
    return new BenchmarkOptions(prompt, 2, List.of(0), 2, batch, type);
  }

  private static BenchmarkMatrix matrix(
      List<Supplier<ModelSource>> models,
      List<Integer> threads,
      List<BenchmarkOptions> options,
      BenchmarkProgress progress) {
    return new BenchmarkMatrix(models, threads, CpuBackend::new, options, progress, Duration.ZERO);
  }

  @Test
  void measuresEveryCombination() {
    List<String> steps = new ArrayList<>();
    BenchmarkMatrix matrix =
        matrix(
            List.of(model("q8_0"), model("q4_0")),
            List.of(1, 2),
            List.of(options(4, 2, CacheType.F16), options(4, 4, CacheType.F32)),
            (step, completed, total) -> steps.add(completed + "/" + total + " " + step));

    BenchmarkReport report = matrix.run();

    assertThat(report.runs())
        .extracting(
            run ->
                "%s %d %d %s %s"
                    .formatted(
                        run.model(),
                        run.threads(),
                        run.options().batchSize(),
                        run.options().cacheType(),
                        run.measurements().stream().map(Measurement::name).toList()))
        .containsExactly(
            "llama-15m:q8_0 1 2 F16 [pp4, tg2]",
            "llama-15m:q8_0 2 2 F16 [pp4, tg2]",
            "llama-15m:q8_0 1 4 F32 [pp4, tg2]",
            "llama-15m:q8_0 2 4 F32 [pp4, tg2]",
            "llama-15m:q4_0 1 2 F16 [pp4, tg2]",
            "llama-15m:q4_0 2 2 F16 [pp4, tg2]",
            "llama-15m:q4_0 1 4 F32 [pp4, tg2]",
            "llama-15m:q4_0 2 4 F32 [pp4, tg2]");
    assertThat(report.runs().get(1).backend()).startsWith("CPU, 2 threads");
    // Two warm-ups and two repetitions of two tests in each of eight runs.
    assertThat(steps).hasSize(49).endsWith("48/48 done");
    assertThat(steps.get(6))
        .isEqualTo("6/48 llama-15m:q8_0, 2 threads, batches of 2, F16 cache, pp4, warm-up");
  }

  @Test
  void aThreadACoreIsANumberToo() {
    int cores = Runtime.getRuntime().availableProcessors();

    BenchmarkReport report =
        matrix(
                List.of(model("q8_0")),
                List.of(0, cores),
                List.of(options(2, 2, CacheType.F16)),
                BenchmarkProgress.none())
            .run();

    assertThat(report.runs()).extracting(BenchmarkRun::threads).containsExactly(cores);
  }

  @Test
  void whatFailsIsANoteAndTheRestIsMeasured() {
    Supplier<ModelSource> missing =
        () -> {
          throw new ZondaException("x.gguf: gone");
        };

    BenchmarkReport report =
        matrix(
                List.of(missing, model("q8_0")),
                List.of(1),
                List.of(options(2, 2, CacheType.F16), options(4000, 2, CacheType.F16)),
                BenchmarkProgress.none())
            .run();

    assertThat(report.runs()).hasSize(1);
    assertThat(report.notes())
        .containsExactly(
            "x.gguf: gone",
            "llama-15m:q8_0: the deepest test takes 4000 positions, but the model was made for"
                + " 2048; ask for fewer tokens or less depth");
    assertThat(report.toText()).contains("\nnot measured: x.gguf: gone\n");
    assertThat(report.toMarkdown()).contains("\nNot measured: x.gguf: gone\n");
  }

  @Test
  void whereNothingCouldBeMeasuredTheFirstFailureIsTheCallers() {
    BenchmarkMatrix matrix =
        matrix(
            List.of(model("q8_0")),
            List.of(1, 2),
            List.of(options(5000, 2, CacheType.F16)),
            BenchmarkProgress.none());

    assertThatThrownBy(matrix::run)
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("takes 5000 positions");
  }

  @Test
  void tellsAtAnyTimeWhatThereIs() {
    List<String> found = new ArrayList<>();
    BenchmarkMatrix[] matrix = new BenchmarkMatrix[1];
    matrix[0] =
        matrix(
            List.of(model("q8_0")),
            List.of(1, 2),
            List.of(options(2, 2, CacheType.F16)),
            (step, completed, total) ->
                found.add(
                    matrix[0].soFar().runs().stream()
                        .map(
                            run ->
                                run.measurements().stream()
                                    .map(m -> m.name() + "*" + m.tokensPerSecond().size())
                                    .toList()
                                    .toString())
                        .toList()
                        .toString()));

    matrix[0].run();

    assertThat(found)
        .containsExactly(
            "[]",
            "[]",
            "[[pp2*1]]",
            "[[pp2*2]]",
            "[[pp2*2]]",
            "[[pp2*2, tg2*1]]",
            "[[pp2*2, tg2*2]]",
            "[[pp2*2, tg2*2]]",
            "[[pp2*2, tg2*2], [pp2*1]]",
            "[[pp2*2, tg2*2], [pp2*2]]",
            "[[pp2*2, tg2*2], [pp2*2]]",
            "[[pp2*2, tg2*2], [pp2*2, tg2*1]]",
            "[[pp2*2, tg2*2], [pp2*2, tg2*2]]");
  }
}

package org.zonda.runtime.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.zonda.model.architecture.Architectures;
import org.zonda.model.graph.Operation.Attention;
import org.zonda.model.graph.Transformer;
import org.zonda.runtime.GenerationOptions;
import org.zonda.runtime.GenerationResult;
import org.zonda.runtime.LanguageModel;
import org.zonda.runtime.LoadOptions;
import org.zonda.runtime.backend.Batch;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.backend.Executor;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.OperationListener;
import org.zonda.runtime.backend.OperationListener.Phase;
import org.zonda.runtime.backend.OperationRun;
import org.zonda.runtime.cpu.CpuBackend;
import org.zonda.runtime.cpu.GoldenModel;

/** What is told of the operations of passes on the CPU, and what the profiler makes of it. */
class OperationTimesTest {

  private static final String LLAMA = "llama-gqa";

  static Stream<String> decoders() {
    return GoldenModel.decoders().stream();
  }

  static Stream<String> encoders() {
    return GoldenModel.encoders().stream();
  }

  private static ExecutorOptions options(OperationListener listener) {
    return new ExecutorOptions(64, 3, 64, CacheType.F16)
        .withListener(Optional.ofNullable(listener));
  }

  /** Enough rows for every expert to be within reach. */
  private static Heard pass(GoldenModel model) {
    Heard heard = new Heard();
    Transformer transformer = Architectures.describe(model.file);
    try (CpuBackend backend = new CpuBackend(2);
        Executor executor = backend.load(transformer, model.file, options(heard))) {
      executor.forward(Batch.of(0, 0, model.tokens));
    }
    return heard;
  }

  @ParameterizedTest
  @MethodSource("decoders")
  void everyOperationOfEveryLayerIsToldWithItsBytes(String name) {
    try (GoldenModel model = GoldenModel.open(name)) {
      Heard heard = pass(model);
      Transformer transformer = Architectures.describe(model.file);
      heard.hasAllOperations(transformer);
      heard.readsEachLayersTensors(transformer, model.file, model.tokens.length);
    }
  }

  @ParameterizedTest
  @MethodSource("encoders")
  void encodersAreToldOfToo(String name) {
    try (GoldenModel model = GoldenModel.open(name)) {
      Heard heard = pass(model);
      Transformer transformer = Architectures.describe(model.file);
      heard.hasAllOperations(transformer);
      heard.readsEachLayersTensors(transformer, model.file, model.tokens.length);
    }
  }

  @Test
  void attentionReadsEachPositionOnceAndMultipliesEachPair() {
    try (GoldenModel model = GoldenModel.open(LLAMA);
        CpuBackend backend = new CpuBackend(1)) {
      Heard heard = new Heard();
      Transformer transformer = Architectures.describe(model.file);
      Attention attention = transformer.attentions().getFirst();
      long pair = (long) attention.heads() * (attention.keyWidth() + attention.valueWidth());
      long position = 2L * (attention.key().width() + attention.value().width());
      try (Executor executor = backend.load(transformer, model.file, options(heard))) {
        executor.forward(Batch.of(0, 0, 1, 2, 3));
        OperationRun run = attention(heard);
        assertThat(run.bytes()).isEqualTo(3 * position);
        assertThat(run.multiplyAdds()).isEqualTo((1 + 2 + 3) * pair);
        heard.runs.clear();
        // Two sequences: one goes on at its fourth position, one begins.
        executor.forward(new Batch().add(0, 4, 3, true).add(2, 5, 0, true));
        run = attention(heard);
        assertThat(run.bytes()).isEqualTo((4 + 1) * position);
        assertThat(run.multiplyAdds()).isEqualTo((4 + 1) * pair);
      }
    }
  }

  private static OperationRun attention(Heard heard) {
    return heard.runs.stream()
        .filter(run -> run.step().operation().equals("attention"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void neighbouringLinearLayersAreOneStep() {
    try (GoldenModel model = GoldenModel.open(LLAMA)) {
      Heard heard = pass(model);
      assertThat(heard.runs)
          .filteredOn(run -> run.step().operation().equals("linear"))
          .extracting(run -> run.step().weight())
          .containsSubsequence(
              "attn_q+attn_k+attn_v", "attn_output", "ffn_gate+ffn_up", "ffn_down");
      long matrices =
          model.file.tensors().stream()
              .filter(tensor -> tensor.name().matches("blk\\.0\\.(attn_[qkv]|ffn_\\w+)\\.weight"))
              .filter(tensor -> !tensor.name().contains("norm"))
              .mapToLong(tensor -> tensor.elements())
              .sum();
      assertThat(
              heard.runs.stream()
                  .filter(run -> run.step().block().equals("layer 0"))
                  .filter(run -> run.step().operation().equals("linear"))
                  .filter(run -> !run.step().weight().equals("attn_output"))
                  .mapToLong(OperationRun::multiplyAdds)
                  .sum())
          .isEqualTo(matrices * model.tokens.length);
    }
  }

  @Test
  void theProfileOfAGenerationAddsUpToItsTime() {
    Profiler profiler = new Profiler();
    GoldenModel model = GoldenModel.open(LLAMA);
    LoadOptions options = LoadOptions.DEFAULT.withThreads(1).withListener(profiler);
    try (LanguageModel language = LanguageModel.open(model.file, options)) {
      GenerationResult result =
          language.generate(
              "the rain in the",
              GenerationOptions.builder().maxTokens(6).ignoreEndOfGeneration(true).build());
      PhaseProfile prefill = profiler.profile(Phase.PREFILL);
      PhaseProfile decode = profiler.profile(Phase.DECODE);
      assertThat(prefill.tokens()).isEqualTo(result.promptTokens());
      assertThat(decode.tokens()).isEqualTo(5);
      assertThat(decode.nanos()).isEqualTo(result.timings().decode().toNanos());
      assertThat(prefill.nanos()).isGreaterThanOrEqualTo(result.timings().prefill().toNanos());
      int layers = language.transformer().layers().size();
      for (PhaseProfile phase : List.of(prefill, decode)) {
        assertThat(phase.samplingNanos()).isPositive();
        // Nothing is counted twice, and nothing is left out.
        assertThat(phase.hostNanos()).isPositive();
        assertThat(phase.computed().nanos() + phase.samplingNanos() + phase.hostNanos())
            .isEqualTo(phase.nanos());
        assertThat(phase.layers()).hasSize(layers + 2);
        assertThat(
                phase.layers().stream()
                    .map(PhaseProfile.LayerTotals::totals)
                    .reduce(Totals.NONE, Totals::plus))
            .isEqualTo(phase.computed());
      }
      // Each token reads all weights once, whatever the cache.
      long weights = weights(decode);
      assertThat(weights(prefill) * 5).isEqualTo(weights);
    }
  }

  /** Bytes of all that is read alike by each pass: no rows of the embedding, no cache. */
  private static long weights(PhaseProfile phase) {
    return phase.operations().stream()
        .filter(line -> !line.operation().equals("attention") && !line.operation().equals("embed"))
        .mapToLong(line -> line.totals().bytes())
        .sum();
  }

  @Test
  void theFlightRecorderHearsOfEveryOperation(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("passes.jfr");
    try (GoldenModel model = GoldenModel.open(LLAMA);
        CpuBackend backend = new CpuBackend(1)) {
      Heard heard = new Heard();
      Transformer transformer = Architectures.describe(model.file);
      try (Recording recording = new Recording();
          Executor executor = backend.load(transformer, model.file, options(null))) {
        executor.forward(Batch.of(0, 0, 1));
        recording.enable("org.zonda.Operation");
        recording.start();
        executor.forward(Batch.of(0, 1, 2, 3));
        recording.stop();
        recording.dump(file);
        executor.forward(Batch.of(0, 3, 4));
      }
      try (Executor executor = backend.load(transformer, model.file, options(heard))) {
        executor.forward(Batch.of(0, 0, 1));
        heard.runs.clear();
        executor.forward(Batch.of(0, 1, 2, 3));
      }
      List<RecordedEvent> events =
          RecordingFile.readAllEvents(file).stream()
              .filter(event -> event.getEventType().getName().equals("org.zonda.Operation"))
              .toList();
      assertThat(events).hasSameSizeAs(heard.runs);
      for (int i = 0; i < events.size(); i++) {
        RecordedEvent event = events.get(i);
        OperationRun run = heard.runs.get(i);
        assertThat(event.getString("operation")).isEqualTo(run.step().operation());
        assertThat(event.getString("weight")).isEqualTo(run.step().weight());
        assertThat(event.getString("format")).isEqualTo(run.step().format());
        assertThat(event.getString("layer")).isEqualTo(run.step().block());
        assertThat(event.getInt("rows")).isEqualTo(run.rows());
        assertThat(event.getLong("bytes")).isEqualTo(run.bytes());
        assertThat(event.getLong("multiplyAdds")).isEqualTo(run.multiplyAdds());
        assertThat(event.getDuration("time").toNanos()).isPositive();
        assertThat(event.getDuration().toNanos()).isNotNegative();
      }
    }
  }
}

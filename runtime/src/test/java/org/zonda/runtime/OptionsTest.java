package org.zonda.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.zonda.model.ZondaException;
import org.zonda.model.lora.AdapterChoice;
import org.zonda.model.tokenizer.Tokenizer.Specials;
import org.zonda.runtime.GenerationOptions.Builder;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.backend.KernelSwap;
import org.zonda.runtime.backend.OperationListener;
import org.zonda.runtime.backend.Progress;

class OptionsTest {

  private static Arguments bad(String name, String value, String range, Consumer<Builder> set) {
    return Arguments.of(name, value, range, set);
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        bad("temperature", "-0.1", "0.0 to 100.0", b -> b.temperature(-0.1)),
        bad("temperature", "NaN", "0.0 to 100.0", b -> b.temperature(Double.NaN)),
        bad("temperature", "Infinity", "0.0 to 100.0", b -> b.temperature(1e300)),
        bad("top-k", "-1", "0 or more", b -> b.topK(-1)),
        bad("top-p", "1.01", "0.0 to 1.0", b -> b.topP(1.01)),
        bad("top-p", "-1.0", "0.0 to 1.0", b -> b.topP(-1)),
        bad("min-p", "1.5", "0.0 to 1.0", b -> b.minP(1.5)),
        bad("repetition penalty", "0.0", "0.01 to 100.0", b -> b.repetitionPenalty(0)),
        bad("repetition window", "-2", "0 or more", b -> b.repetitionWindow(-2)),
        bad("frequency penalty", "101.0", "-100.0 to 100.0", b -> b.frequencyPenalty(101)),
        bad("presence penalty", "NaN", "-100.0 to 100.0", b -> b.presencePenalty(Double.NaN)),
        bad("token of a logit bias", "-5", "0 or more", b -> b.logitBias(Map.of(-5, 1f))),
        bad("token 3", "NaN", "-10000.0 to", b -> b.logitBias(Map.of(3, Float.NaN))),
        bad(
            "token 3",
            "Infinity",
            "-10000.0 to",
            b -> b.logitBias(Map.of(3, Float.POSITIVE_INFINITY))),
        bad("stop string", "empty", "one character", b -> b.stops("a", "")));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void valuesOutOfRangeAreNamed(String name, String value, String range, Consumer<Builder> set) {
    Builder builder = GenerationOptions.builder();
    set.accept(builder);
    assertThatThrownBy(builder::build)
        .isInstanceOf(ZondaException.class)
        .hasMessageContainingAll(name, value, range);
  }

  @Test
  void theBuilderSetsWhatItSays() {
    GenerationOptions options =
        GenerationOptions.builder()
            .maxTokens(1)
            .temperature(2)
            .topK(3)
            .topP(0.4)
            .minP(0.5)
            .repetitionPenalty(6)
            .repetitionWindow(7)
            .frequencyPenalty(8)
            .presencePenalty(9)
            .logitBias(Map.of(10, Float.NEGATIVE_INFINITY))
            .seed(11)
            .stops(List.of("12"))
            .contextPolicy(ContextPolicy.SHIFT)
            .ignoreEndOfGeneration(true)
            .specials(Specials.PLAIN)
            .build();
    assertThat(options)
        .isEqualTo(
            new GenerationOptions(
                1,
                2,
                3,
                0.4f,
                0.5f,
                6,
                7,
                8,
                9,
                Map.of(10, Float.NEGATIVE_INFINITY),
                OptionalLong.of(11),
                List.of("12"),
                ContextPolicy.SHIFT,
                true,
                Specials.PLAIN));
    assertThat(options.toBuilder().build()).isEqualTo(options);
    assertThat(options.toBuilder().randomSeed().build().seed()).isEmpty();
    assertThat(GenerationOptions.builder().build()).isEqualTo(GenerationOptions.DEFAULT);
  }

  @Test
  void loadOptionsAreChecked() {
    LoadOptions options = LoadOptions.DEFAULT;
    Progress progress = (done, total) -> {};
    OperationListener listener = run -> {};
    assertThat(
            options
                .withContextLength(1)
                .withSequences(2)
                .withBatchSize(3)
                .withThreads(4)
                .withCacheType(CacheType.F32)
                .withBackend(BackendChoice.GPU)
                .withGpuLayers(new GpuLayers(5))
                .withDevice("6")
                .withDeviceProfile(Path.of("7"))
                .withProgress(progress)
                .withPreTokenizer("8")
                .withAdapters(List.of(new AdapterChoice(Path.of("9"), 9)))
                .withExact(true)
                .withListener(listener)
                .withKernels(List.of(new KernelSwap("10", "11", "12"))))
        .isEqualTo(
            new LoadOptions(
                1,
                2,
                3,
                4,
                CacheType.F32,
                BackendChoice.GPU,
                new GpuLayers(5),
                Optional.of("6"),
                Optional.of(Path.of("7")),
                progress,
                Optional.of("8"),
                List.of(new AdapterChoice(Path.of("9"), 9)),
                Optional.of(listener),
                List.of(new KernelSwap("10", "11", "12")),
                true));
    assertThatThrownBy(() -> options.withContextLength(-1))
        .isInstanceOf(ZondaException.class)
        .hasMessage("context length is -1; it must be 0 or more");
    assertThatThrownBy(() -> options.withSequences(0)).isInstanceOf(ZondaException.class);
    assertThatThrownBy(() -> options.withBatchSize(0)).isInstanceOf(ZondaException.class);
    assertThatThrownBy(() -> options.withThreads(-1)).isInstanceOf(ZondaException.class);
    assertThat(options.withThreads(LoadOptions.MAX_THREADS).threads()).isEqualTo(1024);
    for (int threads : new int[] {-1, 1025, 2_000_000_000}) {
      assertThatThrownBy(() -> options.withThreads(threads))
          .isInstanceOf(ZondaException.class)
          .hasMessage("number of threads is " + threads + "; it must be a number from 0 to 1024");
    }
    LoadOptions gpu = options.withBackend(BackendChoice.GPU);
    assertThatThrownBy(() -> gpu.withGpuLayers(new GpuLayers(0)))
        .isInstanceOf(ZondaException.class)
        .hasMessage("0 GPU layers leave nothing for the GPU; ask for at least 1, or for the CPU");
    assertThat(options.withGpuLayers(new GpuLayers(0)).gpuLayers().count()).isZero();
  }

  @Test
  void gpuLayersAreReadAndWritten() {
    assertThat(GpuLayers.parse("AUTO")).isEqualTo(GpuLayers.AUTO).hasToString("auto");
    assertThat(GpuLayers.parse("all")).isEqualTo(GpuLayers.ALL).hasToString("all");
    assertThat(GpuLayers.parse("0")).isEqualTo(new GpuLayers(0)).hasToString("0");
    assertThat(GpuLayers.parse("17").count()).isEqualTo(17);
    for (String wrong : List.of("", "-1", "-2", "1.5", "some", "99999999999")) {
      assertThatThrownBy(() -> GpuLayers.parse(wrong))
          .isInstanceOf(ZondaException.class)
          .hasMessage(
              "number of GPU layers is '"
                  + wrong
                  + "'; it must be auto, all, or a number from 0 on");
    }
  }
}

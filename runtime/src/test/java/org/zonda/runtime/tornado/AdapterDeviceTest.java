package org.zonda.runtime.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.zonda.model.gguf.GgufFile;
import org.zonda.model.lora.AdapterChoice;
import org.zonda.runtime.BackendChoice;
import org.zonda.runtime.GpuLayers;
import org.zonda.runtime.LanguageModel;
import org.zonda.runtime.LoadOptions;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.cpu.GoldenModel;
import org.zonda.runtime.lora.RandomAdapter;
import org.zonda.runtime.placement.MemoryKind;

/** Adapters on a device, whole and divided, against merged models on the CPU. */
class AdapterDeviceTest {

  private static final double STRICT = 5e-5;

  @TempDir private Path folder;

  private static LoadOptions options(BackendChoice backend, int layers) {
    LoadOptions options =
        LoadOptions.DEFAULT
            .withBackend(backend)
            .withContextLength(32)
            .withSequences(1)
            .withBatchSize(9)
            .withThreads(2)
            .withCacheType(CacheType.F32);
    return layers > 0 ? options.withGpuLayers(new GpuLayers(layers)) : options;
  }

  private static float[][] logits(Path model, LoadOptions options, int[] tokens) {
    try (LanguageModel languageModel = LanguageModel.open(model, options)) {
      return languageModel.logits(tokens);
    }
  }

  /** With all layers on the device, or the last alone. */
  @ParameterizedTest
  @CsvSource({
    "llama-gqa, 0",
    "llama-gqa, 1",
    "llama-moe, 0",
    "llama-Q4_K_M, 0",
    "gptneox-parallel, 0",
    "falcon-7b, 0",
    "phi3, 0",
    "gemma3, 0"
  })
  void equalsTheMergedModel(String name, int layers) {
    BackendChoice device = TestDevice.SIMULATED ? BackendChoice.SIMULATOR : BackendChoice.GPU;
    try (GoldenModel golden = GoldenModel.open(name)) {
      GgufFile base = golden.file;
      Path model = base.paths().getFirst();
      RandomAdapter adapter =
          new RandomAdapter(folder.resolve("a.gguf"), base, 3, 4, 0.8f, RandomAdapter.LINEAR);
      Path merged = RandomAdapter.merged(folder.resolve("merged.gguf"), base, List.of(adapter));
      float[][] expected = logits(merged, options(BackendChoice.CPU, 0), golden.tokens);
      LoadOptions options =
          options(device, layers)
              .withAdapters(List.of(new AdapterChoice(adapter.file, adapter.scale)));
      assertThat(RandomAdapter.distance(logits(model, options, golden.tokens), expected))
          .isLessThan(STRICT);
      assertThat(
              RandomAdapter.distance(
                  logits(model, options(BackendChoice.CPU, 0), golden.tokens), expected))
          .isGreaterThan(1000 * STRICT);
      assertThat(weights(base, options))
          .isGreaterThan(weights(base, options.withAdapters(List.of())));
    }
  }

  private static long weights(GgufFile base, LoadOptions options) {
    return LanguageModel.plan(base, options).rows().stream()
        .filter(row -> row.kind() == MemoryKind.ATTENTION)
        .mapToLong(row -> row.cpuBytes() + row.deviceBytes())
        .sum();
  }
}

package org.zonda.runtime.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.zonda.model.architecture.Pooling;
import org.zonda.runtime.BackendChoice;
import org.zonda.runtime.Embedding;
import org.zonda.runtime.EmbeddingModel;
import org.zonda.runtime.EmbeddingOptions;
import org.zonda.runtime.LoadOptions;
import org.zonda.runtime.backend.CacheType;

/**
 * Texts to vectors on a device: the hidden states before the logits, and texts that share passes.
 */
class DeviceEmbeddingTest {

  private static final List<String> TEXTS =
      List.of("Once upon a time", "a", "The quick brown fox jumps over the lazy dog.", "wind");

  private static List<Embedding> embed(BackendChoice backend, Pooling pooling) throws Exception {
    Path file =
        Path.of(DeviceEmbeddingTest.class.getResource("/golden/llama-gqa/model.gguf").toURI());
    LoadOptions options =
        LoadOptions.DEFAULT
            .withBackend(backend)
            .withBatchSize(8)
            .withSequences(3)
            .withCacheType(CacheType.F32);
    try (EmbeddingModel model = EmbeddingModel.open(file, options)) {
      return model.embed(TEXTS, EmbeddingOptions.DEFAULT.withPooling(pooling), count -> {});
    }
  }

  @ParameterizedTest
  @EnumSource(Pooling.class)
  void aDeviceGivesTheVectorsOfTheCpu(Pooling pooling) throws Exception {
    List<Embedding> expected = embed(BackendChoice.CPU, pooling);
    List<Embedding> actual =
        embed(TestDevice.SIMULATED ? BackendChoice.SIMULATOR : BackendChoice.GPU, pooling);
    for (int i = 0; i < TEXTS.size(); i++) {
      assertThat(actual.get(i).vector()).containsExactly(expected.get(i).vector(), within(1e-4f));
    }
  }
}

package org.zonda.runtime.lora;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.zonda.model.architecture.Pooling;
import org.zonda.model.gguf.GgufFile;
import org.zonda.model.lora.AdapterChoice;
import org.zonda.runtime.BackendChoice;
import org.zonda.runtime.EmbeddingModel;
import org.zonda.runtime.EmbeddingOptions;
import org.zonda.runtime.LanguageModel;
import org.zonda.runtime.LoadOptions;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.cpu.GoldenModel;

/** A model with adapters against the model whose weights hold them, through the public API. */
class AdapterLogitsTest {

  private static final double STRICT = 5e-5;

  /** What the adapters of these tests do to logits, at least; else nothing would be compared. */
  private static final double SEEN = 0.05;

  private static final int[] TOKENS = {1, 300, 45, 270, 99, 340, 7, 261, 128, 301, 302, 12};

  private static final Predicate<String> ATTENTION = name -> name.contains("attn_");

  @TempDir private Path folder;

  private static Path golden(String name) {
    try {
      return Path.of(
          AdapterLogitsTest.class.getResource("/golden/" + name + "/model.gguf").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static float[][] logits(Path model, int batch, List<RandomAdapter> adapters) {
    try (LanguageModel languageModel = LanguageModel.open(model, options(batch, adapters))) {
      return languageModel.logits(TOKENS);
    }
  }

  private static LoadOptions options(int batch, List<RandomAdapter> adapters) {
    return LoadOptions.DEFAULT
        .withBackend(BackendChoice.CPU)
        .withCacheType(CacheType.F32)
        .withBatchSize(batch)
        .withThreads(2)
        .withAdapters(
            adapters.stream()
                .map(adapter -> new AdapterChoice(adapter.file, adapter.scale))
                .toList());
  }

  private RandomAdapter adapter(GgufFile base, int rank, float scale, Predicate<String> wanted) {
    return new RandomAdapter(folder.resolve("rank" + rank + ".gguf"), base, rank, 4, scale, wanted);
  }

  static List<String> decoders() {
    return GoldenModel.decoders();
  }

  @ParameterizedTest
  @MethodSource("decoders")
  void equalsTheMergedModel(String name) {
    Path model = golden(name);
    try (GgufFile base = GgufFile.open(model)) {
      List<RandomAdapter> adapters = List.of(adapter(base, 4, 0.8f, RandomAdapter.LINEAR));
      float[][] expected =
          logits(
              RandomAdapter.merged(folder.resolve("merged.gguf"), base, adapters), 64, List.of());
      assertThat(RandomAdapter.distance(logits(model, 64, adapters), expected)).isLessThan(STRICT);
      assertThat(RandomAdapter.distance(logits(model, 1, adapters), expected)).isLessThan(STRICT);
      assertThat(RandomAdapter.distance(logits(model, 64, List.of()), expected))
          .isGreaterThan(SEEN);
    }
  }

  /** Encoders, and a decoder whose adapted logits are not computed. */
  @ParameterizedTest
  @ValueSource(strings = {"bert", "roberta", "llama-gqa", "gptneox-serial"})
  void embeddingsEqualTheMergedModels(String name) {
    Path model = golden(name);
    try (GgufFile base = GgufFile.open(model)) {
      List<RandomAdapter> adapters = List.of(adapter(base, 4, 0.8f, RandomAdapter.LINEAR));
      Path merged = RandomAdapter.merged(folder.resolve("merged.gguf"), base, adapters);
      float[][] expected = {embedding(merged, List.of())};
      float[][] adapted = {embedding(model, adapters)};
      float[][] plain = {embedding(model, List.of())};
      assertThat(RandomAdapter.distance(adapted, expected)).isLessThan(STRICT);
      assertThat(RandomAdapter.distance(plain, expected)).isGreaterThan(SEEN / 10);
    }
  }

  private static float[] embedding(Path model, List<RandomAdapter> adapters) {
    EmbeddingOptions options = EmbeddingOptions.DEFAULT.withPooling(Pooling.MEAN);
    try (EmbeddingModel embedding = EmbeddingModel.open(model, options(64, adapters))) {
      return embedding.embed(TOKENS, options).vector();
    }
  }

  @Test
  void severalAdaptersAddUp() {
    Path model = golden("llama-gqa");
    try (GgufFile base = GgufFile.open(model)) {
      List<RandomAdapter> adapters =
          List.of(
              adapter(base, 1, -0.5f, RandomAdapter.LINEAR),
              adapter(base, 3, 1, ATTENTION),
              adapter(base, 5, 0.3f, name -> name.startsWith("blk.1.ffn_")));
      float[][] expected =
          logits(
              RandomAdapter.merged(folder.resolve("merged.gguf"), base, adapters), 64, List.of());
      assertThat(RandomAdapter.distance(logits(model, 5, adapters), expected)).isLessThan(STRICT);
      for (RandomAdapter without : adapters) {
        List<RandomAdapter> others =
            adapters.stream().filter(adapter -> adapter != without).toList();
        assertThat(RandomAdapter.distance(logits(model, 5, others), expected))
            .isGreaterThan(SEEN / 10);
      }
    }
  }

  @Test
  void withoutScaleItIsTheBase() {
    Path model = golden("llama-gqa");
    try (GgufFile base = GgufFile.open(model)) {
      float[][] rows = logits(model, 64, List.of(adapter(base, 4, 0, RandomAdapter.LINEAR)));
      assertThat(Arrays.deepEquals(rows, logits(model, 64, List.of()))).isTrue();
    }
  }

  @Test
  void theModelNamesItsAdapters() {
    Path model = golden("llama-gqa");
    try (GgufFile base = GgufFile.open(model)) {
      RandomAdapter adapter = adapter(base, 4, 0.8f, RandomAdapter.LINEAR);
      LoadOptions options =
          LoadOptions.DEFAULT
              .withBackend(BackendChoice.CPU)
              .withAdapters(List.of(new AdapterChoice(adapter.file, adapter.scale)));
      try (LanguageModel languageModel = LanguageModel.open(model, options)) {
        assertThat(languageModel.source().label()).isEqualTo("model.gguf + rank4.gguf:0.8");
      }
    }
  }
}

package org.zonda.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.zonda.model.ModelSource;
import org.zonda.model.architecture.Architectures;
import org.zonda.model.gguf.MetadataValue;
import org.zonda.runtime.backend.Batch;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.backend.Executor;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.Logits;

/**
 * The two readings of GELU, of which a model means one: each must be closer to its own reference
 * than the strict tolerance, and farther from the other's. So the tolerance tells them apart.
 */
class GoldenActivationTest {

  private static final double STRICT = GoldenTest.STRICT;

  /** The field with the output of the other reading, and the metadata that asks for it. */
  private record Reading(String field, String activation) {}

  private static final List<Reading> READINGS =
      List.of(
          new Reading("last_logits_gelu_tanh", "gelu_new"),
          new Reading("token_embeddings_gelu_tanh", "gelu_pytorch_tanh"),
          new Reading("last_logits_gelu_erf", "gelu"));

  static Stream<String> modelsWithBothReadings() {
    List<String> names =
        Stream.of(GoldenModel.decoders(), GoldenModel.encoders())
            .flatMap(List::stream)
            .filter(
                name -> {
                  try (GoldenModel model = GoldenModel.open(name)) {
                    return READINGS.stream().anyMatch(reading -> model.json.has(reading.field));
                  }
                })
            .toList();
    assertThat(names).contains("falcon-7b", "gptneox-serial", "gpt2", "mpt", "bert", "roberta");
    return names.stream();
  }

  @ParameterizedTest
  @MethodSource("modelsWithBothReadings")
  void theToleranceTellsTheReadingsApart(String name) {
    try (GoldenModel model = GoldenModel.open(name)) {
      Reading other =
          READINGS.stream().filter(r -> model.json.has(r.field)).findFirst().orElseThrow();
      boolean lastOnly = !model.isEncoder();
      float[][] theirs =
          lastOnly ? new float[][] {model.row(other.field)} : model.rows(other.field);
      float[][] own = lastOnly ? new float[][] {model.logits[11]} : model.logits;

      float[][] published = rows(model, model.file, lastOnly);
      assertThat(GoldenModel.distance(published, own)).isLessThan(STRICT);
      assertThat(GoldenModel.distance(published, theirs)).isGreaterThan(STRICT);

      float[][] named = rows(model, activated(model, other.activation), lastOnly);
      assertThat(GoldenModel.distance(named, theirs)).isLessThan(STRICT);
      assertThat(GoldenModel.distance(named, own)).isGreaterThan(STRICT);
    }
  }

  /** The model with metadata that names an activation. */
  private static ModelSource activated(GoldenModel model, String activation) {
    String architecture = model.file.metadata().getString("general.architecture");
    return new AlteredModel(model.file)
        .put(architecture + ".hidden_activation", new MetadataValue.StringValue(activation));
  }

  private static float[][] rows(GoldenModel model, ModelSource source, boolean lastOnly) {
    try (CpuBackend backend = new CpuBackend(2);
        Executor executor =
            backend.load(
                Architectures.describe(source),
                source,
                new ExecutorOptions(64, 1, 64, CacheType.F32))) {
      Batch batch = new Batch();
      for (int i = 0; i < model.tokens.length; i++) {
        batch.add(0, model.tokens[i], i, !lastOnly || i == model.tokens.length - 1);
      }
      Logits output = executor.forward(batch);
      float[][] rows = new float[output.rows()][];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = output.row(i);
      }
      return rows;
    }
  }
}

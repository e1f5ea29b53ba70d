package org.zonda.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.zonda.model.gguf.GgufFile;
import org.zonda.model.quantize.FileType;
import org.zonda.model.quantize.QuantizationPlan;
import org.zonda.model.quantize.QuantizationReport;
import org.zonda.model.quantize.Quantizer;
import org.zonda.runtime.cpu.GoldenModel;

/**
 * Models that were quantised here: those of llama.cpp have the same formats, and all of them run.
 */
class QuantizedModelTest {

  @TempDir Path folder;

  private GoldenModel golden;
  private Path plain;

  /**
   * An F32 model, from one that was quantised elsewhere: exactly the numbers that it stands for.
   */
  @BeforeEach
  void makePlain() {
    plain = folder.resolve("f32.gguf");
    golden = GoldenModel.open("llama-Q8_0");
    write(golden.file, FileType.F32, plain);
  }

  private static QuantizationReport write(GgufFile source, FileType type, Path target) {
    QuantizationPlan plan = QuantizationPlan.of(source, type, false, false);
    return Quantizer.write(
        plan, source.paths(), target, false, 2, (done, total) -> {}, () -> false);
  }

  private static float[][] logits(Path file, int[] tokens) {
    LoadOptions options = FakeModel.options(0, 16).withThreads(2);
    try (LanguageModel model = LanguageModel.open(file, options)) {
      return model.logits(tokens);
    }
  }

  @Test
  void dequantisedItComputesTheReferencesLogits() {
    assertThat(golden.distance(logits(plain, golden.tokens))).isLessThan(5e-5);
  }

  private static Map<String, String> types(GgufFile file) {
    Map<String, String> types = new LinkedHashMap<>();
    file.tensors().forEach(tensor -> types.put(tensor.name(), tensor.type().name()));
    return types;
  }

  /** llama.cpp's own quantiser made these files. */
  @ParameterizedTest
  @CsvSource({"llama-Q4_K_M, Q4_K_M", "llama-Q4_0, Q4_0", "llama-Q6_K, Q6_K", "llama-Q8_0, Q8_0"})
  void theFormatsAreThoseThatLlamaCppChooses(String name, FileType type) {
    try (GoldenModel theirs = GoldenModel.open(name);
        GgufFile source = GgufFile.open(plain)) {
      Map<String, String> expected = types(theirs.file);
      Map<String, String> planned =
          QuantizationPlan.of(source, type, false, false).tensors().stream()
              .collect(Collectors.toMap(plan -> plan.source().name(), plan -> plan.type().name()));
      assertThat(planned).isEqualTo(expected);
      assertThat(theirs.file.metadata().getInt("general.file_type")).isEqualTo(type.id());
      assertThat(theirs.file.metadata().getInt("general.quantization_version"))
          .isEqualTo(
              QuantizationPlan.of(source, type, false, false)
                  .metadata()
                  .getInt("general.quantization_version"));
    }
  }

  /** How much further off than its weights this model's logits are, whatever the format. */
  private static final double LEAST = 3;

  private static final double MOST = 6;

  /**
   * The weights' error is that of the formats for normally distributed numbers, a little less where
   * a mix has better formats in places; and the logits' is the weights', times what this model of
   * random weights makes of it. A block in a wrong place or order would be as far off as the logits
   * are long.
   */
  @ParameterizedTest
  @CsvSource({
    "BF16, 0.0017",
    "F16, 0.00021",
    "Q6_K, 0.017",
    "Q5_K_M, 0.035",
    "Q5_K_S, 0.035",
    "Q5_1, 0.038",
    "Q5_0, 0.043",
    "Q4_K_M, 0.071",
    "Q4_K_S, 0.071",
    "Q4_1, 0.078",
    "Q4_0, 0.086",
    "IQ4_NL, 0.073",
    "IQ4_XS, 0.074",
    "MXFP4, 0.11",
    "Q3_K_L, 0.14",
    "Q3_K_M, 0.14",
    "Q3_K_S, 0.14",
    "Q2_K, 0.26"
  })
  void logitsAreAsFarOffAsTheWeights(FileType type, double expected) {
    check(golden, plain, type, expected);
  }

  /** Q8_0 is exact for numbers that were of it; so from a model that was not. */
  @Test
  void logitsOfQ8AreAsFarOffAsTheWeights() {
    check(golden, plain, FileType.Q8_0, 0);
    try (GoldenModel other = GoldenModel.open("llama-Q6_K")) {
      Path file = folder.resolve("q6.gguf");
      write(other.file, FileType.F32, file);
      check(other, file, FileType.Q8_0, 0.0054);
    }
  }

  private void check(GoldenModel model, Path source, FileType type, double expected) {
    Path file = folder.resolve(model + "-" + type + ".gguf");
    QuantizationReport report;
    try (GgufFile plainModel = GgufFile.open(source)) {
      report = write(plainModel, type, file);
    }
    double weights = report.error().relative();
    assertThat(weights).isBetween(expected * 0.9, expected * 1.02);
    double engine = 5e-5;
    assertThat(model.distance(logits(file, model.tokens)))
        .isBetween(LEAST * weights, MOST * weights + engine);
  }
}

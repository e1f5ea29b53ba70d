package org.zonda.runtime.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.zonda.runtime.evaluation.PerplexityTest.TEXT;
import static org.zonda.runtime.evaluation.PerplexityTest.file;
import static org.zonda.runtime.evaluation.PerplexityTest.options;
import static org.zonda.runtime.evaluation.PerplexityTest.softmax;
import static org.zonda.runtime.evaluation.PerplexityTest.strides;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.zonda.model.ZondaException;
import org.zonda.model.gguf.GgufFile;
import org.zonda.model.gguf.GgufWriter;
import org.zonda.model.gguf.Metadata;
import org.zonda.model.quantize.FileType;
import org.zonda.model.quantize.QuantizationPlan;
import org.zonda.model.quantize.Quantizer;
import org.zonda.model.tokenizer.Tokenizer.Specials;
import org.zonda.runtime.BackendChoice;
import org.zonda.runtime.Cancellation;
import org.zonda.runtime.LanguageModel;

/** Agreement against its definition: a model with what was quantised from it. */
class AgreementTest {

  private static final int CONTEXT = 16;

  @TempDir Path folder;

  private static AgreementResult measure(LanguageModel base, LanguageModel other) {
    return Agreement.measure(
        base, other, TEXT, EvaluationOptions.DEFAULT, soFar -> {}, Cancellation.never());
  }

  private Path quantised(FileType type) {
    Path target = folder.resolve(type + ".gguf");
    try (GgufFile source = GgufFile.open(file("llama-mha"))) {
      QuantizationPlan plan = QuantizationPlan.of(source, type, false, false);
      Quantizer.write(plan, source.paths(), target, false, 2, (done, total) -> {}, () -> false);
    }
    return target;
  }

  @ParameterizedTest
  @EnumSource(
      value = FileType.class,
      names = {"Q8_0", "Q4_0"})
  void isThatOfTheDistributions(FileType type) {
    try (LanguageModel base = LanguageModel.open(file("llama-mha"), options(CONTEXT));
        LanguageModel other = LanguageModel.open(quantised(type), options(CONTEXT))) {
      int[] tokens = base.tokenizer().encode(TEXT, Specials.PLAIN);
      List<Double> divergences = new ArrayList<>();
      List<Double> ratios = new ArrayList<>();
      int same = 0;
      double largest = 0;
      for (int[] window : strides(tokens.length, CONTEXT - 1, CONTEXT / 2)) {
        int[] read =
            IntStream.concat(IntStream.of(1), Arrays.stream(tokens, window[0], window[1]))
                .toArray();
        float[][] before = base.logits(read);
        float[][] after = other.logits(read);
        for (int target = window[2]; target < window[1]; target++) {
          float[] x = before[target - window[0]];
          float[] y = after[target - window[0]];
          double[] p = softmax(x);
          double[] q = softmax(y);
          double divergence = 0;
          int bestP = 0;
          int bestQ = 0;
          for (int i = 0; i < p.length; i++) {
            divergence += p[i] * Math.log(p[i] / q[i]);
            bestP = p[i] > p[bestP] ? i : bestP;
            bestQ = q[i] > q[bestQ] ? i : bestQ;
            largest = Math.max(largest, Math.abs((double) x[i] - y[i]));
          }
          divergences.add(divergence);
          ratios.add(Math.log(p[tokens[target]] / q[tokens[target]]));
          same += bestP == bestQ ? 1 : 0;
        }
      }
      int n = tokens.length;
      AgreementResult result = measure(base, other);
      assertThat(result.base().tokens()).isEqualTo(n);
      AgreementResult.Divergence found = result.divergence();
      assertThat(found.mean()).isCloseTo(mean(divergences), within(1e-9)).isPositive();
      assertThat(found.error()).isCloseTo(error(divergences), within(1e-9));
      List<Double> sorted = divergences.stream().sorted().toList();
      assertThat(found.largest()).isCloseTo(sorted.getLast(), within(1e-9));
      assertThat(found.median())
          .isCloseTo((sorted.get((n - 1) / 2) + sorted.get(n / 2)) / 2, within(1e-9));
      assertThat(found.percentile99()).isBetween(sorted.get(n - 3), sorted.getLast());
      assertThat(result.sameTop()).isEqualTo((double) same / n);
      double share = (double) same / n;
      assertThat(result.sameTopError())
          .isCloseTo(Math.sqrt(share * (1 - share) / n), within(1e-12));
      assertThat(result.largestDifference()).isCloseTo(largest, within(1e-6));
      assertThat(result.logRatio()).isCloseTo(mean(ratios), within(1e-6));
      assertThat(result.logRatioError()).isCloseTo(error(ratios), within(1e-6));
      assertThat(result.ratio())
          .isCloseTo(result.other().perplexity() / result.base().perplexity(), within(1e-9));
      PerplexityResult alone =
          Perplexity.measure(
              other, TEXT, EvaluationOptions.DEFAULT, soFar -> {}, Cancellation.never());
      assertThat(result.other().surprise()).isCloseTo(alone.surprise(), within(1e-12));
    }
  }

  private static double mean(List<Double> numbers) {
    return numbers.stream().mapToDouble(x -> x).average().orElseThrow();
  }

  private static double error(List<Double> numbers) {
    double mean = mean(numbers);
    double squares = numbers.stream().mapToDouble(x -> (x - mean) * (x - mean)).sum();
    return Math.sqrt(squares / (numbers.size() - 1) / numbers.size());
  }

  @Test
  void fewerBitsAgreeLess() {
    try (LanguageModel base = LanguageModel.open(file("llama-mha"), options(CONTEXT));
        LanguageModel eight = LanguageModel.open(quantised(FileType.Q8_0), options(CONTEXT));
        LanguageModel four = LanguageModel.open(quantised(FileType.Q4_0), options(CONTEXT))) {
      double much = measure(base, four).divergence().mean();
      assertThat(measure(base, eight).divergence().mean()).isPositive().isLessThan(much / 10);
    }
  }

  @Test
  void withItselfNothingDiffers() {
    try (LanguageModel base = LanguageModel.open(file("llama-mha"), options(CONTEXT));
        LanguageModel same = LanguageModel.open(file("llama-mha"), options(CONTEXT))) {
      AgreementResult result = measure(base, same);
      assertThat(result.divergence()).isEqualTo(new AgreementResult.Divergence(0, 0, 0, 0, 0));
      assertThat(result.sameTop()).isEqualTo(1);
      assertThat(result.sameTopError()).isZero();
      assertThat(result.largestDifference()).isZero();
      assertThat(result.ratio()).isEqualTo(1);
      assertThat(result.ratioError()).isZero();
    }
  }

  /** The simulated device computes the same model, but for the order of sums. */
  @Test
  void anotherBackendAgrees() {
    try (LanguageModel cpu =
            LanguageModel.open(file("llama-mha"), options(CONTEXT).withBackend(BackendChoice.CPU));
        LanguageModel simulator =
            LanguageModel.open(
                file("llama-mha"), options(CONTEXT).withBackend(BackendChoice.SIMULATOR))) {
      AgreementResult result =
          Agreement.measure(
              cpu,
              simulator,
              TEXT,
              new EvaluationOptions(Windowing.STRIDED, 0, 2),
              soFar -> {},
              Cancellation.never());
      assertThat(result.base().tokens()).isEqualTo(CONTEXT - 1 + CONTEXT / 2);
      assertThat(result.divergence().largest()).isPositive().isLessThan(1e-6);
      assertThat(result.sameTop()).isEqualTo(1);
      assertThat(result.largestDifference()).isPositive().isLessThan(1e-2);
    }
  }

  @Test
  void modelsOfOtherVocabulariesAreRefused() {
    Path renamed = folder.resolve("renamed.gguf");
    try (GgufFile source = GgufFile.open(file("llama-mha"))) {
      List<String> tokens = new ArrayList<>(source.metadata().getStrings("tokenizer.ggml.tokens"));
      tokens.set(300, tokens.get(300) + "x");
      Metadata metadata =
          Metadata.builder()
              .putAll(source.metadata())
              .putStrings("tokenizer.ggml.tokens", tokens)
              .build("renamed");
      GgufWriter writer = new GgufWriter(metadata);
      source.tensors().forEach(writer::tensor);
      writer.write(renamed);
      try (LanguageModel base = LanguageModel.open(file("llama-mha"), options(CONTEXT));
          LanguageModel other = LanguageModel.open(renamed, options(CONTEXT))) {
        String piece = base.tokenizer().piece(300);
        assertThatThrownBy(() -> measure(base, other))
            .isInstanceOf(ZondaException.class)
            .hasMessage(
                "model.gguf and renamed.gguf cannot be compared: token 300 is '%s' in the one and '%sx' in the other"
                    .formatted(piece, piece));
        assertThat(base.logits(1)).as("its sequence is free").hasDimensions(1, 360);
      }
    }
  }

  @Test
  void cancelledItTellsWhatItHas() {
    Cancellation cancellation = new Cancellation();
    try (LanguageModel base = LanguageModel.open(file("llama-mha"), options(CONTEXT));
        LanguageModel same = LanguageModel.open(file("llama-mha"), options(CONTEXT))) {
      AgreementResult result =
          Agreement.measure(
              base,
              same,
              TEXT,
              EvaluationOptions.DEFAULT,
              soFar -> cancellation.cancel(),
              cancellation);
      assertThat(result.base().windows()).isEqualTo(1);
      assertThat(result.other().isComplete()).isFalse();
      assertThat(result.base().tokens()).isEqualTo(CONTEXT - 1);
    }
  }
}

package org.zonda.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.zonda.model.ModelSource;
import org.zonda.model.architecture.Architectures;
import org.zonda.model.graph.Block;
import org.zonda.model.graph.Mask;
import org.zonda.model.graph.Operation;
import org.zonda.model.graph.Scores;
import org.zonda.model.graph.Transformer;
import org.zonda.model.graph.Value;
import org.zonda.model.tokenizer.Tokenizer;
import org.zonda.model.tokenizer.Tokenizers;
import org.zonda.runtime.cpu.CpuBackend;
import org.zonda.runtime.cpu.GoldenModel;
import org.zonda.runtime.evaluation.EvaluationOptions;
import org.zonda.runtime.evaluation.Perplexity;
import org.zonda.runtime.evaluation.PerplexityResult;
import org.zonda.runtime.evaluation.Windowing;
import org.zonda.runtime.fake.FakeChatFormat;
import org.zonda.runtime.fake.FakeTokenizer;

/** Perplexity from logits that an independent float64 implementation computed. */
class GoldenPerplexityTest {

  /** Reads every text as the reference's tokens. */
  private static Tokenizer scripted(ModelSource source, int[] tokens) {
    Tokenizer real = Tokenizers.of(source);
    return (Tokenizer)
        Proxy.newProxyInstance(
            Tokenizer.class.getClassLoader(),
            new Class<?>[] {Tokenizer.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "encode" -> Arrays.copyOfRange(tokens, 1, tokens.length);
                  case "encodePrompt" -> new int[] {tokens[0]};
                  default -> method.invoke(real, arguments);
                });
  }

  private static double surprise(float[] logits, int token) {
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit);
    }
    return -Math.log(Math.exp(logits[token]) / sum);
  }

  @Test
  void isThatOfTheReferencesLogits() {
    GoldenModel golden = GoldenModel.open("llama-mha");
    int[] tokens = golden.tokens;
    LoadOptions options = FakeModel.options(tokens.length, 5);
    try (LanguageModel model =
        new LanguageModel(
            golden.file,
            Architectures.describe(golden.file),
            scripted(golden.file, tokens),
            new FakeChatFormat(),
            new CpuBackend(2),
            options,
            System.nanoTime())) {
      double all = 0;
      double half = 0;
      for (int target = 1; target < tokens.length; target++) {
        double surprise = surprise(golden.logits[target - 1], tokens[target]);
        all += surprise;
        half += target > tokens.length / 2 ? surprise : 0;
      }
      // The reference has six digits.
      PerplexityResult strided = measure(model, EvaluationOptions.DEFAULT);
      assertThat(strided.tokens()).isEqualTo(11);
      assertThat(strided.surprise()).isCloseTo(all / 11, within(1e-4));
      PerplexityResult halves =
          measure(model, new EvaluationOptions(Windowing.SECOND_HALVES, 0, 0));
      assertThat(halves.tokens()).isEqualTo(5);
      assertThat(halves.surprise()).isCloseTo(half / 5, within(1e-4));
    }
  }

  private static PerplexityResult measure(LanguageModel model, EvaluationOptions options) {
    return Perplexity.measure(model, "any", options, soFar -> {}, Cancellation.never());
  }

  @Test
  void logitsThatAreNoNumbersAreNamed() {
    FakeTokenizer tokenizer = new FakeTokenizer();
    for (float broken : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      try (FakeModel fake =
          new FakeModel(
              tokenizer,
              FakeModel.options(20, 8),
              history -> {
                float[] row = new float[tokenizer.vocabularySize()];
                row[5] = history.size() > 3 ? broken : 0;
                return row;
              })) {
        assertThatThrownBy(() -> measure(fake.model, EvaluationOptions.DEFAULT, "abcdef"))
            .isInstanceOf(org.zonda.model.ZondaException.class)
            .hasMessageContaining("the logits before token 3 of the text");
      }
    }
  }

  private static PerplexityResult measure(
      LanguageModel model, EvaluationOptions options, String text) {
    return Perplexity.measure(model, text, options, soFar -> {}, Cancellation.never());
  }

  @Test
  void oneTokenHasASurpriseButNoError() {
    try (FakeModel fake = FakeModel.hashed(20, 8)) {
      PerplexityResult result = measure(fake.model, EvaluationOptions.DEFAULT, "a");
      assertThat(result.tokens()).isEqualTo(1);
      assertThat(result.surprise()).isPositive();
      assertThat(result.surpriseError()).isNaN();
      assertThat(result.perplexityError()).isNaN();
    }
  }

  /** Only rows that are scored want logits, and no pass is longer than the batch. */
  @Test
  void onlyWhatIsScoredWantsLogits() {
    try (FakeModel fake = FakeModel.hashed(20, 8)) {
      PerplexityResult result =
          measure(
              fake.model, new EvaluationOptions(Windowing.STRIDED, 4, 0), "a".repeat(19 + 4 * 3));
      assertThat(result.tokens()).isEqualTo(19 + 12);
      assertThat(fake.executor().passes().stream().mapToInt(pass -> pass.outputs()).sum())
          .isEqualTo(19 + 12);
      assertThat(fake.executor().passes()).allMatch(pass -> pass.tokens() <= 8);
      // 19 positions of the first window; 15 of context and 4 to score of the three others.
      assertThat(result.read()).isEqualTo(19 + 3 * (15 + 4));
    }
  }

  @Test
  void encodersHaveNone() {
    Value value = new Value(0, "input", 1);
    Value mixed = new Value(1, "mixed", 1);
    Block block = new Block("nothing", value, List.of(), value);
    Operation.Attention attention =
        new Operation.Attention(
            value, value, value, 1, 1, new Scores(1, 0, 0), new Mask(false, 0), 0, mixed);
    Block layer = new Block("layer", value, List.of(attention), mixed);
    FakeTokenizer tokenizer = new FakeTokenizer();
    Transformer encoder =
        new Transformer("bert", tokenizer.vocabularySize(), 20, block, List.of(layer), block);
    assertThat(encoder.isCausal()).isFalse();
    FakeModel fake = FakeModel.hashed(20, 8);
    try (LanguageModel model =
        new LanguageModel(
            fake.source,
            encoder,
            tokenizer,
            new FakeChatFormat(),
            fake.backend,
            FakeModel.options(20, 8),
            0)) {
      assertThatThrownBy(() -> measure(model, EvaluationOptions.DEFAULT, "abc"))
          .hasMessageContaining("bert models do not predict the next token");
    }
  }
}

package org.zonda.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zonda.model.ZondaException;
import org.zonda.model.tokenizer.Tokenizer.Specials;
import org.zonda.runtime.fake.FakeExecutor;
import org.zonda.runtime.fake.FakeExecutor.Pass;
import org.zonda.runtime.fake.FakeTokenizer;

class GenerationTest {

  private static final GenerationOptions GREEDY =
      GenerationOptions.builder().temperature(0).maxTokens(0).build();

  /** Never ends by itself. */
  private static final GenerationOptions ENDLESS =
      GREEDY.toBuilder().logitBias(Map.of(FakeTokenizer.EOS, Float.NEGATIVE_INFINITY)).build();

  private static int free(FakeModel fake) {
    List<Chat> chats = new ArrayList<>();
    try {
      while (true) {
        chats.add(fake.model.chat(GREEDY));
      }
    } catch (ZondaException allTaken) {
      return chats.size();
    } finally {
      chats.forEach(Chat::close);
    }
  }

  @Test
  void readsThePromptInChunksAndThenOneTokenAStep() {
    try (FakeModel fake = FakeModel.hashed(100, 4)) {
      GenerationResult result =
          fake.model.generate("0123456789", ENDLESS.toBuilder().maxTokens(3).build());
      assertThat(fake.executor().passes())
          .containsExactly(
              new Pass(0, 0, 4, 0),
              new Pass(0, 4, 4, 0),
              new Pass(0, 8, 3, 1),
              new Pass(0, 11, 1, 1),
              new Pass(0, 12, 1, 1));
      assertThat(result.promptTokens()).isEqualTo(11);
      assertThat(result.tokens()).hasSize(3);
      assertThat(result.finishReason()).isEqualTo(FinishReason.MAX_TOKENS);
      assertThat(result.timings().prefillTokens()).isEqualTo(11);
      assertThat(result.timings().decodeTokens()).isEqualTo(2);
      assertThat(result.timings().timeToFirstToken()).isPositive();
      assertThat(result.timings().prefillTokensPerSecond()).isPositive();
      assertThat(result.timings().load()).isEqualTo(fake.model.loadTime());
      assertThat(fake.executor().length(0)).as("the sequence is free again").isZero();
    }
  }

  /** Logits of few different values, so that many are equal. */
  private static float[] rough(List<Integer> history) {
    float[] row = FakeExecutor.hashed(new FakeTokenizer().vocabularySize()).apply(history);
    for (int i = 0; i < row.length; i++) {
      row[i] = (int) row[i] / 2;
    }
    return row;
  }

  private static FakeModel rough() {
    return new FakeModel(new FakeTokenizer(), FakeModel.options(100, 4), GenerationTest::rough);
  }

  @Property(tries = 60)
  void theBestLogitsAloneGiveTheSameTextAsAll(
      @ForAll @IntRange(min = 0, max = 64) int topK,
      @ForAll @IntRange(min = 0, max = 4) int temperature,
      @ForAll @IntRange(min = 1, max = 10) int topP,
      @ForAll @IntRange(min = 0, max = 2) int minP,
      @ForAll boolean penalties,
      @ForAll long seed) {
    GenerationOptions options =
        GenerationOptions.builder()
            .temperature(temperature / 2.0)
            .topK(topK)
            .topP(topP / 10.0)
            .minP(minP / 10.0)
            .repetitionPenalty(penalties ? 1.3 : 1)
            .seed(seed)
            .maxTokens(12)
            .build();
    // A bias of nothing changes no logit, but all are looked at.
    GenerationOptions withAll = options.toBuilder().logitBias(Map.of(7, 0f)).build();
    try (FakeModel some = rough();
        FakeModel all = rough()) {
      List<Integer> tokens = some.model.generate("A prompt", options).tokens();
      assertThat(tokens).isEqualTo(all.model.generate("A prompt", withAll).tokens());
      assertThat(all.executor().topPasses()).isZero();
      boolean fewDecide = !penalties && (topK > 0 || temperature == 0);
      assertThat(some.executor().topPasses())
          .isEqualTo(fewDecide ? some.executor().passes().size() : 0);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 100})
  void chunksDoNotChangeTheText(int batchSize) {
    try (FakeModel fake = FakeModel.hashed(100, batchSize);
        FakeModel whole = FakeModel.hashed(100, 64)) {
      GenerationOptions options = GenerationOptions.builder().seed(5).maxTokens(20).build();
      assertThat(fake.model.generate("A prompt of some length", options).tokens())
          .isEqualTo(whole.model.generate("A prompt of some length", options).tokens());
    }
  }

  @Test
  void theSeedDecidesAndIsReported() {
    try (FakeModel fake = FakeModel.hashed(100, 64)) {
      GenerationOptions options = GenerationOptions.builder().maxTokens(20).build();
      GenerationResult first = fake.model.generate("Hello", options);
      GenerationResult other = fake.model.generate("Hello", options);
      assertThat(other.seed()).isNotEqualTo(first.seed());
      assertThat(other.tokens()).isNotEqualTo(first.tokens());
      GenerationOptions again = options.toBuilder().seed(first.seed()).build();
      assertThat(fake.model.generate("Hello", again).tokens()).isEqualTo(first.tokens());
    }
  }

  @Test
  void endsAtTheEndOfGeneration() {
    try (FakeModel fake = FakeModel.saying(new FakeTokenizer(), "Hi", " there")) {
      GenerationResult result = fake.model.generate("Hi", GREEDY);
      assertThat(result.text()).isEqualTo(" there");
      assertThat(result.finishReason()).isEqualTo(FinishReason.END_OF_GENERATION);
      assertThat(result.tokens()).hasSize(6).doesNotContain(FakeTokenizer.EOS);
    }
  }

  @Test
  void canIgnoreTheEndOfGeneration() {
    try (FakeModel fake = FakeModel.saying(new FakeTokenizer(), "Hi", "a</s>b")) {
      GenerationOptions options =
          GREEDY.toBuilder().ignoreEndOfGeneration(true).maxTokens(4).build();
      GenerationResult result = fake.model.generate("Hi", options);
      assertThat(result.text()).isEqualTo("ab");
      assertThat(result.tokens()).hasSize(4).contains(FakeTokenizer.EOS);
      assertThat(result.finishReason()).isEqualTo(FinishReason.MAX_TOKENS);
    }
  }

  @Provide
  Arbitrary<String> words() {
    return Arbitraries.strings().withChars('a', 'b', 'é', '€').ofMaxLength(20);
  }

  /** Whatever the tokens' borders, the pieces make the text up to the stop string. */
  @Property(tries = 300)
  void stopStringsAcrossTokenBorders(@ForAll("words") String text, @ForAll("words") String stop) {
    FakeTokenizer tokenizer = new FakeTokenizer("ab", "ba", "é€", "aab", "€a");
    GenerationOptions options =
        stop.isEmpty() ? GREEDY : GREEDY.toBuilder().stops(stop, "unheard").build();
    int at = stop.isEmpty() ? -1 : text.indexOf(stop);
    try (FakeModel fake = FakeModel.saying(tokenizer, "x", text)) {
      List<String> pieces = new ArrayList<>();
      GenerationResult result = fake.model.generate("x", options, pieces::add);
      assertThat(result.text()).isEqualTo(at < 0 ? text : text.substring(0, at));
      assertThat(String.join("", pieces)).isEqualTo(result.text());
      assertThat(pieces).doesNotContain("");
      assertThat(result.finishReason())
          .isEqualTo(at < 0 ? FinishReason.END_OF_GENERATION : FinishReason.STOP_STRING);
    }
  }

  @Test
  void anUnfinishedCharacterIsReplacedAtTheEnd() {
    try (FakeModel fake = FakeModel.saying(new FakeTokenizer(), "x", "a€")) {
      List<String> pieces = new ArrayList<>();
      GenerationOptions options = GREEDY.toBuilder().maxTokens(3).build();
      fake.model.generate("x", options, pieces::add);
      assertThat(pieces).containsExactly("a", "\uFFFD");
    }
  }

  @Test
  void textThatWasHeldBackComesAtTheEnd() {
    try (FakeModel fake = FakeModel.saying(new FakeTokenizer(), "x", "one <|e")) {
      GenerationOptions options = GREEDY.toBuilder().stops("<|end|>").build();
      assertThat(fake.model.generate("x", options).text()).isEqualTo("one <|e");
    }
  }

  @Test
  void aFullContextStops() {
    try (FakeModel fake = FakeModel.hashed(16, 8)) {
      GenerationResult result = fake.model.generate("12345", ENDLESS);
      assertThat(result.finishReason()).isEqualTo(FinishReason.CONTEXT_FULL);
      assertThat(result.promptTokens() + result.tokens().size()).isEqualTo(16);
    }
  }

  /** What a shifted context holds is computed here anew, token by token, from its definition. */
  @Property(tries = 60)
  void aFullContextShifts(
      @ForAll @IntRange(min = 2, max = 12) int contextLength,
      @ForAll @IntRange(min = 1, max = 5) int batchSize) {
    try (FakeModel fake = FakeModel.hashed(contextLength, batchSize)) {
      GenerationOptions options =
          ENDLESS.toBuilder().contextPolicy(ContextPolicy.SHIFT).maxTokens(40).build();
      GenerationResult result = fake.model.generate("", options);
      List<Integer> history = new ArrayList<>(List.of(FakeTokenizer.BOS));
      List<Integer> expected = new ArrayList<>();
      while (expected.size() < 40) {
        float[] row = FakeExecutor.hashed(fake.tokenizer.vocabularySize()).apply(history);
        row[FakeTokenizer.EOS] = Float.NEGATIVE_INFINITY;
        int best = 0;
        for (int i = 1; i < row.length; i++) {
          best = row[i] > row[best] ? i : best;
        }
        expected.add(best);
        if (history.size() == contextLength) {
          // Of the n - 1 tokens after the first, the older half (rounded up) goes.
          history.subList(1, 1 + contextLength / 2).clear();
        }
        history.add(best);
      }
      assertThat(result.tokens()).isEqualTo(expected);
      assertThat(result.finishReason()).isEqualTo(FinishReason.MAX_TOKENS);
    }
  }

  @Test
  void aPromptLongerThanTheContextIsRefused() {
    try (FakeModel fake = FakeModel.hashed(16, 8)) {
      assertThatThrownBy(() -> fake.model.generate("0123456789ABCDEF", GREEDY))
          .isInstanceOf(ZondaException.class)
          .hasMessage(
              "the prompt has 17 tokens, but a context of 16 holds at most 15 and one of the"
                  + " answer; shorten it, or open the model with a context of 18 to 1000");
      assertThat(fake.model.generate("0123456789ABCD", ENDLESS).tokens()).hasSize(1);
      assertThat(free(fake)).isEqualTo(3);
    }
  }

  @Test
  void aPromptLongerThanTheModelWasMadeForIsRefused() {
    try (FakeModel fake = FakeModel.hashed(0, 8)) {
      assertThat(fake.model.contextLength()).isEqualTo(FakeModel.TRAINED_CONTEXT);
      assertThatThrownBy(() -> fake.model.generate("x".repeat(1000), GREEDY))
          .isInstanceOf(ZondaException.class)
          .hasMessageContaining("1001 tokens")
          .hasMessageEndingWith("shorten it (1000 is what the model was made for)");
    }
  }

  @Test
  void anEmptyPromptNeedsTheTokenizersFirstToken() {
    FakeTokenizer without = new FakeTokenizer(false);
    try (FakeModel fake =
        new FakeModel(
            without, FakeModel.options(16, 8), FakeExecutor.hashed(without.vocabularySize()))) {
      assertThatThrownBy(() -> fake.model.generate("", GREEDY))
          .isInstanceOf(ZondaException.class)
          .hasMessageContaining("no tokens");
    }
  }

  @Test
  void specialTokensInThePromptAreParsedOrNot() {
    try (FakeModel fake = FakeModel.hashed(100, 64)) {
      GenerationOptions one = ENDLESS.toBuilder().maxTokens(1).build();
      assertThat(fake.model.generate("a</s>", one).promptTokens()).isEqualTo(3);
      GenerationOptions plain = one.toBuilder().specials(Specials.PLAIN).build();
      assertThat(fake.model.generate("a</s>", plain).promptTokens()).isEqualTo(6);
    }
  }

  @Test
  void cancellingEndsWithWhatThereIs() {
    try (FakeModel fake = FakeModel.saying(new FakeTokenizer(), "x", "abcdef")) {
      Cancellation cancellation = new Cancellation();
      GenerationResult result =
          fake.model.generate(
              "x",
              GREEDY,
              piece -> {
                if (piece.equals("c")) {
                  cancellation.cancel();
                }
              },
              cancellation);
      assertThat(result.text()).isEqualTo("abc");
      assertThat(result.finishReason()).isEqualTo(FinishReason.CANCELLED);
      assertThat(free(fake)).isEqualTo(3);
    }
  }

  @Test
  void cancellingEndsBetweenTheChunksOfAPrompt() {
    try (FakeModel fake = FakeModel.hashed(100, 4)) {
      Cancellation cancellation = new Cancellation();
      fake.executor()
          .beforePass(
              () -> {
                if (fake.executor().passes().size() == 1) {
                  cancellation.cancel();
                }
              });
      GenerationResult result =
          fake.model.generate("x".repeat(50), GREEDY, piece -> {}, cancellation);
      assertThat(fake.executor().passes()).hasSize(2);
      assertThat(result.finishReason()).isEqualTo(FinishReason.CANCELLED);
      assertThat(result.text()).isEmpty();
      assertThat(result.timings().prefillTokens()).isEqualTo(8);
      assertThat(result.timings().timeToFirstToken()).isZero();
    }
  }

  @Test
  void anInterruptCancelsAndStays() {
    try (FakeModel fake = FakeModel.saying(new FakeTokenizer(), "x", "abcdef")) {
      GenerationResult result =
          fake.model.generate("x", GREEDY, piece -> Thread.currentThread().interrupt());
      assertThat(Thread.interrupted()).isTrue();
      assertThat(result.text()).isEqualTo("a");
      assertThat(result.finishReason()).isEqualTo(FinishReason.CANCELLED);
    }
  }

  @Test
  void anExceptionInTheCallbackFreesEverything() {
    try (FakeModel fake = FakeModel.saying(new FakeTokenizer(), "x", "abcdef")) {
      assertThatThrownBy(
              () ->
                  fake.model.generate(
                      "x",
                      GREEDY,
                      piece -> {
                        throw new IllegalStateException("the pipe is broken");
                      }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the pipe is broken");
      assertThat(free(fake)).isEqualTo(3);
      assertThat(fake.executor().cacheBytes()).isZero();
      assertThat(fake.model.generate("x", GREEDY).text()).isEqualTo("abcdef");
    }
  }

  @Test
  void brokenLogitsAreRefusedAndFreeEverything() {
    FakeTokenizer tokenizer = new FakeTokenizer();
    try (FakeModel fake =
        new FakeModel(
            tokenizer,
            FakeModel.options(16, 8),
            history -> {
              float[] row = new float[tokenizer.vocabularySize()];
              row[9] = history.size() == 4 ? Float.NaN : 1;
              return row;
            })) {
      assertThatThrownBy(() -> fake.model.generate("x", GREEDY))
          .isInstanceOf(ZondaException.class)
          .hasMessageContainingAll("NaN", "token 9");
      assertThat(free(fake)).isEqualTo(3);
    }
  }
}

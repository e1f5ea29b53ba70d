package org.zonda.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.zonda.model.ZondaException;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.fake.FakeBackend;
import org.zonda.runtime.fake.FakeChatFormat;
import org.zonda.runtime.fake.FakeExecutor;
import org.zonda.runtime.fake.FakeSource;
import org.zonda.runtime.fake.FakeTokenizer;

@Timeout(60)
class LanguageModelTest {

  private static final GenerationOptions GREEDY =
      GenerationOptions.builder().temperature(0).maxTokens(0).build();

  private static final GenerationOptions ENDLESS =
      GREEDY.toBuilder()
          .contextPolicy(ContextPolicy.SHIFT)
          .logitBias(Map.of(FakeTokenizer.EOS, Float.NEGATIVE_INFINITY))
          .build();

  @Test
  void aStreamComputesWhatIsReadOfIt() {
    try (FakeModel fake = FakeModel.saying(new FakeTokenizer(), "x", "abcdef")) {
      try (Stream<String> stream = fake.model.stream("x", GREEDY)) {
        assertThat(fake.executor().passes()).isEmpty();
        Iterator<String> pieces = stream.iterator();
        assertThat(pieces.next()).isEqualTo("a");
        assertThat(pieces.next()).isEqualTo("b");
        assertThat(fake.executor().passes()).hasSize(2);
      }
      assertThat(fake.executor().cacheBytes()).as("closing frees").isZero();
      assertThat(fake.model.stream("x", GREEDY).collect(Collectors.joining())).isEqualTo("abcdef");
      assertThat(fake.executor().cacheBytes()).as("so does the end").isZero();
    }
  }

  @Test
  void aStreamThatIsClosedGivesNoMore() {
    try (FakeModel fake = FakeModel.hashed(50, 8)) {
      Stream<String> stream = fake.model.stream("x", ENDLESS);
      Iterator<String> pieces = stream.iterator();
      pieces.next();
      stream.close();
      assertThat(pieces.hasNext()).isFalse();
      Stream<String> unread = fake.model.stream("x", ENDLESS);
      Iterator<String> none = unread.iterator();
      unread.close();
      assertThat(none.hasNext()).isFalse();
    }
  }

  @Test
  void aStreamRefusesAPromptAtOnceAndFreesItsSequenceAfterAFault() {
    try (FakeModel fake = FakeModel.hashed(8, 8)) {
      assertThatThrownBy(() -> fake.model.stream("far too long", GREEDY))
          .isInstanceOf(ZondaException.class);
      GenerationOptions bad = GREEDY.toBuilder().logitBias(Map.of(99_999, 1f)).build();
      for (int i = 0; i < 10; i++) {
        Stream<String> stream = fake.model.stream("x", bad);
        assertThatThrownBy(stream::count).hasMessageContaining("99999");
      }
    }
  }

  @Test
  void logitsHaveOneRowAPosition() {
    try (FakeModel fake = FakeModel.hashed(16, 4)) {
      int[] tokens = {0, 5, 6, 7, 8, 9};
      float[][] rows = fake.model.logits(tokens);
      assertThat(rows).hasDimensions(6, 258);
      List<Integer> history = new ArrayList<>();
      for (int i = 0; i < tokens.length; i++) {
        history.add(tokens[i]);
        assertThat(rows[i]).isEqualTo(FakeExecutor.hashed(258).apply(history));
      }
      assertThat(fake.executor().cacheBytes()).isZero();
      assertThatThrownBy(fake.model::logits)
          .isInstanceOf(ZondaException.class)
          .hasMessageContaining("1 to 16");
      assertThatThrownBy(() -> fake.model.logits(new int[17]))
          .isInstanceOf(ZondaException.class)
          .hasMessageContainingAll("17", "1 to 16");
      assertThatThrownBy(() -> fake.model.logits(1000)).isInstanceOf(ZondaException.class);
      assertThat(fake.model.logits(0)).as("all is free again").hasDimensions(1, 258);
    }
  }

  @Test
  void countsTokens() {
    try (FakeModel fake = FakeModel.hashed(16, 4)) {
      assertThat(fake.model.countTokens("a€</s>")).isEqualTo(5);
      assertThat(fake.model.countTokens("")).isZero();
    }
  }

  @Test
  void allSequencesTakenIsRefused() {
    try (FakeModel fake = FakeModel.hashed(16, 4);
        Chat one = fake.model.chat(GREEDY);
        Chat two = fake.model.chat(GREEDY)) {
      try (Chat three = fake.model.chat(GREEDY)) {
        assertThatThrownBy(() -> fake.model.generate("x", GREEDY))
            .isInstanceOf(ZondaException.class)
            .hasMessageContainingAll("fake.gguf", "all 3 sequences");
        assertThat(List.of(one, two, three)).doesNotHaveDuplicates();
      }
      assertThat(fake.model.generate("x", ENDLESS.toBuilder().maxTokens(2).build()).tokens())
          .hasSize(2);
    }
  }

  @Test
  void manyThreadsAtOnceGetWhatEachGetsAlone() throws Exception {
    LoadOptions load = FakeModel.options(64, 4).withSequences(8);
    FakeTokenizer tokenizer = new FakeTokenizer();
    try (FakeModel fake =
            new FakeModel(tokenizer, load, FakeExecutor.hashed(tokenizer.vocabularySize()));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      GenerationOptions options =
          ENDLESS.toBuilder().temperature(0.8).seed(1).maxTokens(100).build();
      List<List<Integer>> alone = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        alone.add(fake.model.generate("prompt " + i, options).tokens());
      }
      List<Future<List<Integer>>> together = new ArrayList<>();
      CountDownLatch start = new CountDownLatch(1);
      for (int i = 0; i < 8; i++) {
        String prompt = "prompt " + i;
        together.add(
            threads.submit(
                () -> {
                  start.await();
                  return fake.model.generate(prompt, options).tokens();
                }));
      }
      start.countDown();
      for (int i = 0; i < 8; i++) {
        assertThat(together.get(i).get()).isEqualTo(alone.get(i));
      }
    }
  }

  @Test
  void closingEndsRunningGenerations() throws Exception {
    FakeModel fake = FakeModel.hashed(50, 8);
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      CountDownLatch running = new CountDownLatch(3);
      List<Future<GenerationResult>> results = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        results.add(
            threads.submit(
                () -> {
                  AtomicInteger pieces = new AtomicInteger();
                  return fake.model.generate(
                      "x",
                      ENDLESS,
                      piece -> {
                        if (pieces.incrementAndGet() == 5) {
                          running.countDown();
                        }
                      });
                }));
      }
      assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
      fake.close();
      assertThat(fake.executor().isClosed()).isTrue();
      for (Future<GenerationResult> result : results) {
        assertThat(result.get().finishReason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(result.get().tokens()).hasSizeGreaterThanOrEqualTo(5);
      }
    }
    assertThat(fake.source.closed()).isEqualTo(1);
    assertThat(fake.backend.isClosed()).isTrue();
    fake.close();
    assertThat(fake.source.closed()).as("closing twice does nothing").isEqualTo(1);
  }

  @Test
  void closingInTheCallbackDoesNotHang() {
    FakeModel fake = FakeModel.hashed(50, 8);
    GenerationResult result = fake.model.generate("x", ENDLESS, piece -> fake.close());
    assertThat(result.finishReason()).isEqualTo(FinishReason.CANCELLED);
  }

  @Test
  void aClosedModelSaysSo() {
    FakeModel fake = FakeModel.hashed(50, 8);
    Chat chat = fake.model.chat(GREEDY);
    Iterator<String> pieces = fake.model.stream("x", ENDLESS).iterator();
    pieces.next();
    fake.close();
    for (Runnable use :
        List.<Runnable>of(
            () -> fake.model.generate("x", GREEDY),
            () -> fake.model.stream("x", GREEDY),
            () -> fake.model.chat(GREEDY),
            () -> chat.send("Hello"),
            () -> fake.model.logits(1),
            () -> fake.model.countTokens("x"),
            fake.model::cacheBytes)) {
      assertThatThrownBy(use::run)
          .isInstanceOf(ZondaException.class)
          .hasMessageContainingAll("fake.gguf", "closed");
    }
    assertThat(pieces.hasNext()).as("a stream that was being read ends").isFalse();
    chat.close();
  }

  @Test
  void aContextBeyondTheModelsIsRefused() {
    assertThatThrownBy(() -> FakeModel.hashed(1001, 8))
        .isInstanceOf(ZondaException.class)
        .hasMessageContainingAll("fake.gguf", "1001", "made for 1000");
  }

  @Test
  void aTokenizerLargerThanTheModelIsRefused() {
    assertThatThrownBy(
            () ->
                new LanguageModel(
                    new FakeSource(),
                    new FakeExecutor(
                            new ExecutorOptions(8, 1, 8, CacheType.F32),
                            100,
                            FakeExecutor.hashed(100))
                        .transformer(),
                    new FakeTokenizer(),
                    new FakeChatFormat(),
                    new FakeBackend(FakeExecutor.hashed(100)),
                    LoadOptions.DEFAULT,
                    0))
        .isInstanceOf(ZondaException.class)
        .hasMessageContainingAll("fake.gguf", "258", "100");
  }

  @Test
  void tokensWithoutATextAreNeverSampled() {
    // The model computes 300 logits, the tokenizer knows 258 tokens; the others are the greatest.
    FakeTokenizer tokenizer = new FakeTokenizer();
    FakeExecutor shape =
        new FakeExecutor(
            new ExecutorOptions(50, 1, 8, CacheType.F32), 300, history -> new float[0]);
    try (LanguageModel model =
        new LanguageModel(
            new FakeSource(),
            shape.transformer(),
            tokenizer,
            new FakeChatFormat(),
            new FakeBackend(
                history -> {
                  float[] row = new float[300];
                  row[290] = 9;
                  row['k' + 2] = 1;
                  return row;
                }),
            LoadOptions.DEFAULT,
            0)) {
      assertThat(model.generate("x", GREEDY.toBuilder().maxTokens(3).build()).text())
          .isEqualTo("kkk");
    }
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> LanguageModel.open(Path.of("no-such-model.gguf")))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("no-such-model.gguf");
  }

  @Test
  void cancellationIsForGood() {
    Cancellation cancellation = new Cancellation();
    assertThat(cancellation.isCancelled()).isFalse();
    cancellation.cancel();
    assertThat(cancellation.isCancelled()).isTrue();
    assertThatThrownBy(() -> Cancellation.never().cancel())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(Cancellation.never().isCancelled()).isFalse();
  }

  @Test
  void speedsAreTokensThroughTime() {
    Timings timings =
        new Timings(
            Duration.ZERO, Duration.ZERO, 100, Duration.ofMillis(500), 30, Duration.ofSeconds(3));
    assertThat(timings.prefillTokensPerSecond()).isEqualTo(200);
    assertThat(timings.decodeTokensPerSecond()).isEqualTo(10);
    Timings nothing = new Timings(Duration.ZERO, Duration.ZERO, 0, Duration.ZERO, 0, Duration.ZERO);
    assertThat(nothing.prefillTokensPerSecond()).isZero();
    assertThat(nothing.decodeTokensPerSecond()).isZero();
  }
}

package org.zonda.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A really trained model of 260 thousand parameters (karpathy/tinyllamas), where it is there. */
@Timeout(120)
class RealModelTest {

  private static final String STORY =
      "Once upon a time, there was a little girl named Lily. She loved to play outside in the park."
          + " One day, she saw a big, red ball. She wanted to play with it, but it was too high."
          + "\nLily";

  private static final GenerationOptions GREEDY =
      GenerationOptions.builder().temperature(0).maxTokens(60).build();

  private static Path file;
  private static LanguageModel model;

  @BeforeAll
  static void open() {
    file = shared().resolve("models").resolve("stories260K.gguf");
    if (Files.exists(file)) {
      model = LanguageModel.open(file);
    }
  }

  @BeforeEach
  void skip() {
    assumeTrue(model != null, () -> file + " is not there");
  }

  @AfterAll
  static void close() {
    if (model != null) {
      model.close();
    }
  }

  /** The folder beside the repository with what is not to be committed. */
  private static Path shared() {
    String property = System.getProperty("zonda.shared");
    if (property != null) {
      return Path.of(property);
    }
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isDirectory(at.resolveSibling("shared").resolve("models"))) {
        return at.resolveSibling("shared");
      }
    }
    return Path.of("shared");
  }

  @Test
  void tellsItsStoryGreedily() {
    List<String> pieces = new ArrayList<>();
    GenerationResult result = model.generate("Once upon a time", GREEDY, pieces::add);
    assertThat("Once upon a time" + result.text()).isEqualTo(STORY);
    assertThat(String.join("", pieces)).isEqualTo(result.text());
    assertThat(result.tokens()).hasSize(60);
    assertThat(result.finishReason()).isEqualTo(FinishReason.MAX_TOKENS);
  }

  @Test
  void streamsTheSameStory() {
    try (Stream<String> stream = model.stream("Once upon a time", GREEDY)) {
      assertThat("Once upon a time" + stream.collect(Collectors.joining())).isEqualTo(STORY);
    }
  }

  @Test
  void stopsAtAStringWithinTheStory() {
    GenerationOptions options = GREEDY.toBuilder().stops("red ball").build();
    GenerationResult result = model.generate("Once upon a time", options);
    assertThat(result.text()).endsWith("she saw a big, ");
    assertThat(result.finishReason()).isEqualTo(FinishReason.STOP_STRING);
  }

  @Test
  void theSameSeedTellsTheSameStory() {
    GenerationOptions options = GenerationOptions.builder().maxTokens(80).seed(7).build();
    String first = model.generate("Once upon a time", options).text();
    assertThat(model.generate("Once upon a time", options).text()).isEqualTo(first);
    GenerationOptions other = options.toBuilder().seed(8).build();
    assertThat(model.generate("Once upon a time", other).text()).isNotEqualTo(first);
  }

  @Test
  void threadsAtOnceTellWhatEachTellsAlone() throws Exception {
    List<String> prompts = List.of("Once upon a time", "Tom and Sue", "The dog", "One day");
    GenerationOptions options = GenerationOptions.builder().maxTokens(100).seed(3).build();
    List<List<Integer>> alone =
        prompts.stream().map(prompt -> model.generate(prompt, options).tokens()).toList();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<List<Integer>>> together =
          prompts.stream()
              .map(prompt -> threads.submit(() -> model.generate(prompt, options).tokens()))
              .toList();
      for (int i = 0; i < prompts.size(); i++) {
        assertThat(together.get(i).get()).isEqualTo(alone.get(i));
      }
    }
  }

  @Test
  void aChatContinuesAsAFreshPromptWould() {
    GenerationOptions options = GREEDY.toBuilder().maxTokens(20).build();
    try (Chat chat = model.chat(options)) {
      GenerationResult first = chat.send("Hello");
      GenerationResult second = chat.send("Tell me about Lily.");
      assertThat(second.timings().prefillTokens())
          .as("the first prompt is not read again")
          .isLessThanOrEqualTo(second.promptTokens() - first.promptTokens());
      String whole = chat.format().render(chat.messages().subList(0, 3), true);
      GenerationResult fresh =
          model.generate(whole, options.toBuilder().stops(chat.format().stops()).build());
      assertThat(fresh.promptTokens()).isEqualTo(second.promptTokens());
      assertThat(fresh.timings().prefillTokens()).isEqualTo(fresh.promptTokens());
      assertThat(fresh.tokens()).isEqualTo(second.tokens());
    }
  }

  @Test
  void goesOnBeyondTheContext() {
    LoadOptions small = FakeModel.options(32, 16).withSequences(1);
    try (LanguageModel shortModel = LanguageModel.open(file, small)) {
      GenerationOptions options =
          GREEDY.toBuilder().contextPolicy(ContextPolicy.SHIFT).maxTokens(100).build();
      GenerationResult result = shortModel.generate("Once upon a time", options);
      assertThat(result.tokens()).hasSize(100);
      GenerationResult stopped = shortModel.generate("Once upon a time", GREEDY);
      assertThat(stopped.finishReason()).isEqualTo(FinishReason.CONTEXT_FULL);
      assertThat(stopped.promptTokens() + stopped.tokens().size()).isEqualTo(32);
    }
  }
}

package org.zonda.runtime.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.zonda.model.tokenizer.Tokenizer.Specials;
import org.zonda.runtime.Cancellation;
import org.zonda.runtime.LanguageModel;
import org.zonda.runtime.LoadOptions;
import org.zonda.runtime.backend.CacheType;

/** Perplexity against its definition: softmax and mean, window by window, written out. */
class PerplexityTest {

  /** Ascii, two bytes, three and four a character. */
  static final String TEXT =
      "the wind of the Andes, ¡qué calor! 風が吹く 🦙 and the llama said: once upon a time there"
          + " was a wind that was warm.";

  /** Cuts passes where no window does. */
  private static final int BATCH = 5;

  private static final int CONTEXT = 16;

  static LanguageModel open(String name, int context) {
    return LanguageModel.open(file(name), options(context));
  }

  static LoadOptions options(int context) {
    return LoadOptions.DEFAULT
        .withContextLength(context)
        .withSequences(1)
        .withBatchSize(BATCH)
        .withThreads(2)
        .withCacheType(CacheType.F32);
  }

  static Path file(String name) {
    try {
      return Path.of(PerplexityTest.class.getResource("/golden/" + name + "/model.gguf").toURI());
    } catch (java.net.URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static LanguageModel model;

  @BeforeAll
  static void open() {
    model = open("llama-mha", CONTEXT);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  /** The probabilities of a row of logits. */
  static double[] softmax(float[] row) {
    double[] probabilities = new double[row.length];
    double sum = 0;
    for (int i = 0; i < row.length; i++) {
      probabilities[i] = Math.exp(row[i]);
      sum += probabilities[i];
    }
    for (int i = 0; i < row.length; i++) {
      probabilities[i] /= sum;
    }
    return probabilities;
  }

  /** The windows of a text whose model begins with BOS 1: from, to, first scored. */
  static List<int[]> strides(int length, int capacity, int stride) {
    List<int[]> windows = new ArrayList<>();
    int previous = 0;
    for (int from = 0; ; from += stride) {
      int to = Math.min(length, from + capacity);
      windows.add(new int[] {from, to, previous});
      previous = to;
      if (to == length) {
        return windows;
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 8", "1, 1", "5, 5", "15, 15"})
  void isTheExponentialOfTheMeanSurprise(int asked, int stride) {
    int[] tokens = model.tokenizer().encode(TEXT, Specials.PLAIN);
    assertThat(tokens.length).isGreaterThan(3 * CONTEXT);
    List<Double> surprises = new ArrayList<>();
    List<int[]> windows = strides(tokens.length, CONTEXT - 1, stride);
    for (int[] window : windows) {
      int[] read =
          IntStream.concat(IntStream.of(1), Arrays.stream(tokens, window[0], window[1])).toArray();
      float[][] logits = model.logits(read);
      for (int target = window[2]; target < window[1]; target++) {
        int position = target - window[0]; // of what comes before it, the BOS being 0
        surprises.add(-Math.log(softmax(logits[position])[tokens[target]]));
      }
    }
    double mean = surprises.stream().mapToDouble(x -> x).average().orElseThrow();
    double squares = surprises.stream().mapToDouble(x -> (x - mean) * (x - mean)).sum();
    int n = surprises.size();
    double error = Math.sqrt(squares / (n - 1)) / Math.sqrt(n);
    int bytes = TEXT.getBytes(StandardCharsets.UTF_8).length;

    List<PerplexityResult> progress = new ArrayList<>();
    PerplexityResult result =
        Perplexity.measure(
            model,
            TEXT,
            new EvaluationOptions(Windowing.STRIDED, asked, 0),
            progress::add,
            Cancellation.never());
    assertThat(result.tokens()).isEqualTo(tokens.length).isEqualTo(n);
    assertThat(result.surprise()).isCloseTo(mean, within(1e-6));
    assertThat(result.perplexity()).isCloseTo(Math.exp(mean), within(1e-4));
    assertThat(result.surpriseError()).isCloseTo(error, within(1e-6));
    assertThat(result.perplexityError()).isCloseTo(Math.exp(mean) * error, within(1e-4));
    assertThat(result.bytes()).isEqualTo(bytes);
    assertThat(result.characters()).isEqualTo(TEXT.codePointCount(0, TEXT.length()));
    assertThat(result.bitsPerByte()).isCloseTo(mean / Math.log(2) * n / bytes, within(1e-5));
    assertThat(result.bitsPerCharacter())
        .isCloseTo(mean / Math.log(2) * n / result.characters(), within(1e-5));
    assertThat(result.isComplete()).isTrue();
    assertThat(result.windows()).isEqualTo(windows.size());
    // The last token of a window is not read: nothing is known of what comes after it.
    assertThat(result.read()).isEqualTo(windows.stream().mapToLong(w -> w[1] - w[0]).sum());
    assertThat(progress).hasSize(windows.size());
    assertThat(progress.getLast().surprise()).isEqualTo(result.surprise());
    assertThat(progress.getFirst().tokens()).isEqualTo(CONTEXT - 1);
  }

  @Test
  void theSecondHalvesOfWindowsSideBySide() {
    int[] text = model.tokenizer().encode(TEXT, Specials.PLAIN);
    int[] all = IntStream.concat(IntStream.of(1), IntStream.of(text)).toArray();
    double sum = 0;
    int count = 0;
    for (int chunk = 0; chunk < all.length / CONTEXT; chunk++) {
      int[] read = Arrays.copyOfRange(all, chunk * CONTEXT, (chunk + 1) * CONTEXT);
      read[0] = 1;
      float[][] logits = model.logits(read);
      for (int position = CONTEXT / 2; position < CONTEXT - 1; position++) {
        sum -= Math.log(softmax(logits[position])[read[position + 1]]);
        count++;
      }
    }
    PerplexityResult result =
        Perplexity.measure(
            model,
            TEXT,
            new EvaluationOptions(Windowing.SECOND_HALVES, 0, 0),
            soFar -> {},
            Cancellation.never());
    assertThat(result.tokens()).isEqualTo(count);
    assertThat(result.surprise()).isCloseTo(sum / count, within(1e-6));
    assertThat(result.bytes()).isLessThan(TEXT.length());
  }

  @Test
  void aTextShorterThanAWindow() {
    PerplexityResult result =
        Perplexity.measure(
            model, "wind", EvaluationOptions.DEFAULT, soFar -> {}, Cancellation.never());
    assertThat(result.bytes()).isEqualTo(4);
    assertThat(result.allWindows()).isEqualTo(1);
  }

  @Test
  void meansAndTheirErrors() {
    Moments moments = new Moments();
    assertThat(moments.error()).isNaN();
    moments.add(3);
    assertThat(moments.mean()).isEqualTo(3);
    assertThat(moments.error()).isNaN();
    moments.add(5);
    assertThat(moments.mean()).isEqualTo(4);
    assertThat(moments.error()).isCloseTo(1, within(1e-15));
  }

  @Test
  void cancelledItTellsWhatItHas() {
    Cancellation cancellation = new Cancellation();
    PerplexityResult result =
        Perplexity.measure(
            model,
            TEXT,
            EvaluationOptions.DEFAULT,
            soFar -> {
              if (soFar.windows() == 2) {
                cancellation.cancel();
              }
            },
            cancellation);
    assertThat(result.windows()).isEqualTo(2);
    assertThat(result.isComplete()).isFalse();
    EvaluationOptions two = new EvaluationOptions(Windowing.STRIDED, 0, 2);
    PerplexityResult whole =
        Perplexity.measure(model, TEXT, two, soFar -> {}, Cancellation.never());
    assertThat(whole.isComplete()).isTrue();
    assertThat(result.surprise()).isEqualTo(whole.surprise());
    assertThat(result.tokens()).isEqualTo(whole.tokens());
  }

  @Test
  void cancelledAtOnceItHasNothing() {
    Cancellation cancellation = new Cancellation();
    cancellation.cancel();
    PerplexityResult result =
        Perplexity.measure(model, TEXT, EvaluationOptions.DEFAULT, soFar -> {}, cancellation);
    assertThat(result.tokens()).isZero();
    assertThat(result.isComplete()).isFalse();
    assertThat(result.tokensPerSecond()).isZero();
  }

  /** The sequence is given back, also after a failure: the model has only one. */
  @Test
  void whatFailsLeavesTheModelUsable() {
    assertThatThrownBy(
            () ->
                Perplexity.measure(
                    model, "", EvaluationOptions.DEFAULT, soFar -> {}, Cancellation.never()))
        .hasMessage("the text is empty; there is nothing to predict");
    assertThat(model.logits(1)).hasDimensions(1, 360);
  }
}

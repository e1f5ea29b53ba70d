package org.zonda.runtime.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.zonda.model.ZondaException;

/** How texts are cut: token i of a text is called {@code 100 + i} here, and BOS is 7. */
class WindowsTest {

  private static final int BOS = 7;

  /** A prediction: which token of the text, and what the model sees before it. */
  private record Prediction(int textIndex, List<Integer> before, int token) {}

  private static int[] text(int length) {
    return IntStream.range(100, 100 + length).toArray();
  }

  private static OptionalInt bos(boolean present) {
    return present ? OptionalInt.of(BOS) : OptionalInt.empty();
  }

  private static List<Prediction> predictions(Windows windows) {
    List<Prediction> predictions = new ArrayList<>();
    for (int w = 0; w < windows.count(); w++) {
      Window window = windows.get(w);
      for (int position = window.scored() - 1; position + 1 < window.tokens().length; position++) {
        List<Integer> before = new ArrayList<>();
        for (int i = 0; i <= position; i++) {
          before.add(window.tokens()[i]);
        }
        predictions.add(
            new Prediction(window.textAfter(position), before, window.tokenAfter(position)));
      }
    }
    return predictions;
  }

  @Test
  void byHand() {
    Windows windows =
        new Windows(text(10), bos(true), 5, new EvaluationOptions(Windowing.STRIDED, 3, 0));
    assertThat(windows.count()).isEqualTo(3);
    assertThat(windows.get(0).tokens()).containsExactly(BOS, 100, 101, 102, 103);
    assertThat(windows.get(1).tokens()).containsExactly(BOS, 103, 104, 105, 106);
    assertThat(windows.get(2).tokens()).containsExactly(BOS, 106, 107, 108, 109);
    assertThat(predictions(windows).stream().map(Prediction::token))
        .containsExactly(100, 101, 102, 103, 104, 105, 106, 107, 108, 109);
  }

  /** The loop of Hugging Face's guide, where the BOS is a prefix of every window. */
  @Property(tries = 500)
  void stridedIsTheGuidesLoop(
      @ForAll @IntRange(min = 0, max = 60) int length,
      @ForAll @IntRange(min = 2, max = 20) int context,
      @ForAll @IntRange(min = 1, max = 19) int stride,
      @ForAll boolean begins) {
    Assume.that(stride < context);
    Assume.that(length + (begins ? 1 : 0) >= 2);
    int prefix = begins ? 1 : 0;
    int capacity = context - prefix;
    int[] text = text(length);
    List<Prediction> expected = new ArrayList<>();
    int previousEnd = 0;
    for (int begin = 0; begin < length; begin += stride) {
      int end = Math.min(begin + capacity, length);
      for (int target = previousEnd; target < end; target++) {
        List<Integer> before = new ArrayList<>();
        if (begins) {
          before.add(BOS);
        }
        for (int i = begin; i < target; i++) {
          before.add(text[i]);
        }
        if (!before.isEmpty()) {
          expected.add(new Prediction(target, before, text[target]));
        }
      }
      previousEnd = end;
      if (end == length) {
        break;
      }
    }
    Windows windows =
        new Windows(
            text, bos(begins), context, new EvaluationOptions(Windowing.STRIDED, stride, 0));
    assertThat(predictions(windows)).isEqualTo(expected);
    // What the guide promises: every token once, with no less context than that.
    List<Prediction> found = predictions(windows);
    assertThat(found).hasSize(length + prefix - 1);
    for (Prediction prediction : found) {
      assertThat(prediction.before().size())
          .isGreaterThanOrEqualTo(Math.min(prediction.textIndex() + prefix, context - stride))
          .isLessThan(context);
    }
  }

  /** The loop of llama-perplexity over a text that begins with the BOS where the model wants it. */
  @Property(tries = 300)
  void halvesAreLlamaCpps(
      @ForAll @IntRange(min = 1, max = 80) int length,
      @ForAll @IntRange(min = 3, max = 20) int context,
      @ForAll boolean begins) {
    int[] all =
        IntStream.concat(begins ? IntStream.of(BOS) : IntStream.empty(), IntStream.of(text(length)))
            .toArray();
    Assume.that(all.length >= context);
    List<Prediction> expected = new ArrayList<>();
    for (int chunk = 0; chunk < all.length / context; chunk++) {
      for (int target = context / 2 + 1; target < context; target++) {
        List<Integer> before = new ArrayList<>();
        for (int i = 0; i < target; i++) {
          before.add(i == 0 && begins ? BOS : all[chunk * context + i]);
        }
        int at = chunk * context + target;
        expected.add(new Prediction(at - (begins ? 1 : 0), before, all[at]));
      }
    }
    Windows windows =
        new Windows(
            text(length),
            bos(begins),
            context,
            new EvaluationOptions(Windowing.SECOND_HALVES, 0, 0));
    assertThat(predictions(windows)).isEqualTo(expected);
  }

  @Test
  void theDefaultStrideIsHalfTheContext() {
    Windows windows = new Windows(text(20), bos(false), 8, EvaluationOptions.DEFAULT);
    assertThat(windows.get(1).tokens()[0]).isEqualTo(104);
  }

  @Test
  void noMoreWindowsThanAskedFor() {
    EvaluationOptions two = new EvaluationOptions(Windowing.STRIDED, 1, 2);
    assertThat(new Windows(text(20), bos(true), 8, two).count()).isEqualTo(2);
    assertThat(new Windows(text(3), bos(true), 8, two).count()).isEqualTo(1);
  }

  @Test
  void whatCannotBeCutIsRefused() {
    EvaluationOptions standard = EvaluationOptions.DEFAULT;
    EvaluationOptions halves = new EvaluationOptions(Windowing.SECOND_HALVES, 0, 0);
    assertThatThrownBy(() -> new Windows(text(0), bos(true), 8, standard))
        .isInstanceOf(ZondaException.class)
        .hasMessage("the text is empty; there is nothing to predict");
    assertThatThrownBy(() -> new Windows(text(1), bos(false), 8, standard))
        .hasMessageContaining("the text is one token, and nothing comes before it");
    assertThat(predictions(new Windows(text(1), bos(true), 8, standard))).hasSize(1);
    assertThatThrownBy(() -> new Windows(text(9), bos(true), 1, standard))
        .hasMessageContaining("windows of 1 tokens have nothing to predict");
    assertThatThrownBy(
            () ->
                new Windows(text(9), bos(true), 8, new EvaluationOptions(Windowing.STRIDED, 8, 0)))
        .hasMessageContaining("a stride of 8 leaves no overlap of windows of 8 tokens");
    assertThatThrownBy(() -> new Windows(text(6), bos(true), 8, halves))
        .hasMessageContaining("the text has 7 tokens, which is less than one window of 8");
    assertThatThrownBy(() -> new Windows(text(6), bos(true), 2, halves))
        .hasMessageContaining("choose a longer context");
    assertThatThrownBy(() -> new EvaluationOptions(Windowing.SECOND_HALVES, 3, 0))
        .hasMessageContaining("a stride of 3 is not for them");
    assertThatThrownBy(() -> new EvaluationOptions(Windowing.STRIDED, -1, 0))
        .isInstanceOf(ZondaException.class);
  }
}

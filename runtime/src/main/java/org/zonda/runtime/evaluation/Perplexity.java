package org.zonda.runtime.evaluation;

import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.zonda.model.ZondaException;
import org.zonda.runtime.Cancellation;
import org.zonda.runtime.LanguageModel;
import org.zonda.runtime.backend.Logits;

/** Measures how well a model predicts a text. */
public final class Perplexity {

  private Perplexity() {}

  /**
   * Reads a text in windows as long as the model's context.
   *
   * @param model takes one of its sequences
   * @param text in which names of special tokens are plain text
   * @param options how it is cut
   * @param progress hears the estimate so far after each window, in this thread
   * @param cancellation ends it between passes, with what there is
   * @return the estimate; not {@linkplain PerplexityResult#isComplete complete} where it was
   *     cancelled
   * @throws ZondaException if the text is too short, the stride does not suit the context, the
   *     model is an encoder, or its logits are no numbers
   */
  public static PerplexityResult measure(
      LanguageModel model,
      String text,
      EvaluationOptions options,
      Consumer<PerplexityResult> progress,
      Cancellation cancellation) {
    try (WindowReader reader = new WindowReader(model)) {
      EvaluatedText evaluated = EvaluatedText.of(text, model.tokenizer());
      Windows windows =
          new Windows(evaluated.tokens(), evaluated.bos(), model.contextLength(), options);
      Score score = new Score(evaluated, model.source().label());
      Walk walk = new Walk(windows, reader.batchSize(), reader.rows(), cancellation);
      walk.run(scorer(reader, score), () -> progress.accept(walk.result(score)));
      return walk.result(score);
    }
  }

  private static Walk.Scorer scorer(WindowReader reader, Score score) {
    return new Walk.Scorer() {
      @Override
      public void begin() {
        reader.begin();
      }

      @Override
      public void skip(Window window, int to) {
        reader.skip(window, to);
      }

      @Override
      public void score(Window window, int from, int to) {
        reader.read(window, to, logits -> add(window, from, logits, score));
      }
    };
  }

  private static void add(Window window, int from, Logits logits, Score score) {
    double[] surprises =
        IntStream.range(0, logits.rows())
            .parallel()
            .mapToDouble(row -> surprise(logits, row, window.tokenAfter(from + row)))
            .toArray();
    for (int row = 0; row < surprises.length; row++) {
      score.add(window.textAfter(from + row), surprises[row]);
    }
  }

  private static double surprise(Logits logits, int row, int token) {
    return LogSoftmax.surprise(logits, row, LogSoftmax.logSum(logits, row), token);
  }
}

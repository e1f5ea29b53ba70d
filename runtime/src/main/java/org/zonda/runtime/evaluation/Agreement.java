package org.zonda.runtime.evaluation;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.zonda.model.ZondaException;
import org.zonda.model.tokenizer.Tokenizer;
import org.zonda.runtime.Cancellation;
import org.zonda.runtime.LanguageModel;
import org.zonda.runtime.backend.Logits;
import org.zonda.runtime.evaluation.AgreementScore.Row;

/**
 * Measures how far a model's predictions are from those of another: one that was quantised from it,
 * or the same on another backend. Both read the same windows side by side, so that no logits need
 * to be kept.
 */
public final class Agreement {

  private Agreement() {}

  /**
   * Reads a text in windows as long as the shorter context of the two.
   *
   * @param base whose predictions count as true; takes one of its sequences
   * @param other what is compared with it, of the same vocabulary; takes one of its sequences
   * @param text in which names of special tokens are plain text
   * @param options how it is cut
   * @param progress hears the comparison so far after each window, in this thread
   * @param cancellation ends it between passes, with what there is
   * @return the comparison
   * @throws ZondaException if the vocabularies differ, or as {@link Perplexity#measure}
   */
  public static AgreementResult measure(
      LanguageModel base,
      LanguageModel other,
      String text,
      EvaluationOptions options,
      Consumer<AgreementResult> progress,
      Cancellation cancellation) {
    requireSameVocabulary(base, other);
    try (WindowReader baseReader = new WindowReader(base);
        WindowReader otherReader = new WindowReader(other)) {
      EvaluatedText evaluated = EvaluatedText.of(text, base.tokenizer());
      int context = Math.min(base.contextLength(), other.contextLength());
      Windows windows = new Windows(evaluated.tokens(), evaluated.bos(), context, options);
      AgreementScore score =
          new AgreementScore(
              new Score(evaluated, base.source().label()),
              new Score(evaluated, other.source().label()));
      Walk walk =
          new Walk(
              windows,
              Math.min(baseReader.batchSize(), otherReader.batchSize()),
              Math.min(baseReader.rows(), otherReader.rows()),
              cancellation);
      Pair pair = new Pair(baseReader, otherReader, score);
      walk.run(pair, () -> progress.accept(score.result(walk)));
      return score.result(walk);
    }
  }

  private static void requireSameSize(String both, String what, int size, int other) {
    if (size != other) {
      throw new ZondaException(
          "%s cannot be compared: %s %d and %d tokens".formatted(both, what, size, other));
    }
  }

  private static void requireSameVocabulary(LanguageModel base, LanguageModel other) {
    String both = base.source().label() + " and " + other.source().label();
    List<Integer> widths =
        List.of(base.transformer().vocabularySize(), other.transformer().vocabularySize());
    Tokenizer tokens = base.tokenizer();
    Tokenizer others = other.tokenizer();
    requireSameSize(
        both, "their vocabularies have", tokens.vocabularySize(), others.vocabularySize());
    requireSameSize(both, "the models know", widths.get(0), widths.get(1));
    for (int token = 0; token < tokens.vocabularySize(); token++) {
      if (!tokens.piece(token).equals(others.piece(token))) {
        throw new ZondaException(
            "%s cannot be compared: token %d is '%s' in the one and '%s' in the other"
                .formatted(both, token, tokens.piece(token), others.piece(token)));
      }
    }
  }

  /** Both models read; the base first, whose logits are kept for the length of a pass. */
  private static final class Pair implements Walk.Scorer {

    private final WindowReader base;
    private final WindowReader other;
    private final AgreementScore score;
    private float[] kept = {};

    Pair(WindowReader base, WindowReader other, AgreementScore score) {
      this.base = base;
      this.other = other;
      this.score = score;
    }

    @Override
    public void begin() {
      base.begin();
      other.begin();
    }

    @Override
    public void skip(Window window, int to) {
      base.skip(window, to);
      other.skip(window, to);
    }

    @Override
    public void score(Window window, int from, int to) {
      base.read(window, to, this::keep);
      other.read(window, to, logits -> compare(window, from, logits));
    }

    /** The executor's rows are valid until its next pass, which may be the other model's. */
    private void keep(Logits logits) {
      int floats = logits.rows() * logits.vocabularySize();
      if (kept.length < floats) {
        kept = new float[floats];
      }
      System.arraycopy(logits.values(), 0, kept, 0, floats);
    }

    private void compare(Window window, int from, Logits logits) {
      Logits before = new Logits(logits.rows(), logits.vocabularySize(), kept);
      List<Row> rows =
          IntStream.range(0, logits.rows())
              .parallel()
              .mapToObj(row -> Row.of(before, logits, row, window.tokenAfter(from + row)))
              .toList();
      for (int row = 0; row < rows.size(); row++) {
        score.add(window.textAfter(from + row), rows.get(row));
      }
    }
  }
}

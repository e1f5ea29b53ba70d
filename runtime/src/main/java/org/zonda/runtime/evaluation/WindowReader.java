package org.zonda.runtime.evaluation;

import java.util.function.Consumer;
import org.zonda.model.ZondaException;
import org.zonda.runtime.LanguageModel;
import org.zonda.runtime.backend.Logits;
import org.zonda.runtime.generation.Sequence;
import org.zonda.runtime.generation.Sequence.Wanted;

/**
 * Reads windows through a model, in passes. Logits are computed only where a token is scored after
 * them, and so few rows at a time that they stay small.
 */
final class WindowReader implements AutoCloseable {

  /** Floats of logits that one pass may leave: 64 MiB, 128 rows of the largest vocabularies. */
  private static final int FLOATS = 1 << 24;

  private final LanguageModel model;
  private final Sequence sequence;

  WindowReader(LanguageModel model) {
    if (!model.transformer().isCausal()) {
      throw new ZondaException(
          "%s: %s models do not predict the next token, so that a text has no perplexity for them"
              .formatted(model.source().label(), model.transformer().architecture()));
    }
    this.model = model;
    sequence = model.openSequence();
  }

  LanguageModel model() {
    return model;
  }

  /** Tokens that one pass takes. */
  int batchSize() {
    return sequence.executor().batchSize();
  }

  /** Rows of logits that one pass may want. */
  int rows() {
    return Math.clamp(FLOATS / sequence.executor().vocabularySize(), 1, batchSize());
  }

  /** Tokens of the window in the cache. */
  int length() {
    return sequence.length();
  }

  /** Forgets the last window. */
  void begin() {
    sequence.truncate(0);
  }

  /** Reads tokens without logits. */
  void skip(Window window, int to) {
    pass(window, to, Wanted.NONE, logits -> {});
  }

  /** Reads tokens with a row of logits after each. */
  void read(Window window, int to, Consumer<Logits> rows) {
    pass(window, to, Wanted.ALL, rows);
  }

  private void pass(Window window, int to, Wanted wanted, Consumer<Logits> rows) {
    if (!sequence.append(window.tokens(), sequence.length(), to, wanted, rows)) {
      throw new ZondaException(
          model.source().label() + ": the model was closed while it was evaluated");
    }
  }

  @Override
  public void close() {
    sequence.close();
  }
}

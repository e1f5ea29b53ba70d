package org.zonda.runtime.generation;

import org.zonda.model.ZondaException;
import org.zonda.runtime.generation.Sequence.Wanted;

/** The logits of every position of a prompt. */
public final class PromptLogits {

  /** Floats of logits that one pass may leave in the executor's buffer: 16 MiB. */
  private static final int CHUNK = 1 << 22;

  private PromptLogits() {}

  /**
   * Reads tokens into an empty sequence.
   *
   * @param sequence an empty one
   * @param tokens ids, at least one
   * @return one row of logits a token
   * @throws ZondaException if there are none or more than the context holds
   */
  public static float[][] compute(Sequence sequence, int[] tokens) {
    SharedExecutor executor = sequence.executor();
    if (tokens.length == 0 || tokens.length > executor.contextLength()) {
      throw new ZondaException(
          "logits were asked for %d tokens; it must be 1 to %d, the length of the context"
              .formatted(tokens.length, executor.contextLength()));
    }
    float[][] result = new float[tokens.length][];
    int chunk = Math.clamp(CHUNK / executor.vocabularySize(), 1, executor.batchSize());
    for (int from = 0; from < tokens.length; from += chunk) {
      int first = from;
      int to = Math.min(tokens.length, from + chunk);
      boolean open =
          sequence.append(
              tokens,
              from,
              to,
              Wanted.ALL,
              logits -> {
                for (int row = 0; row < logits.rows(); row++) {
                  result[first + row] = logits.row(row);
                }
              });
      if (!open) {
        throw new ZondaException("the model was closed while it computed logits");
      }
    }
    return result;
  }
}

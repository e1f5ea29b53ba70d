package org.zonda.runtime.evaluation;

import java.time.Duration;
import org.zonda.model.ZondaException;

/** What a model made of the tokens that were scored so far. */
final class Score {

  private final EvaluatedText text;
  private final String label;
  private final Moments surprise = new Moments();
  private long bytes;
  private long characters;

  Score(EvaluatedText text, String label) {
    this.text = text;
    this.label = label;
  }

  /**
   * Takes a token's surprise.
   *
   * @param textIndex which token of the text
   * @param nats the negative logarithm of its probability
   */
  void add(int textIndex, double nats) {
    if (!Double.isFinite(nats)) {
      throw new ZondaException(
          "%s: the logits before token %d of the text make its probability %s; the model's weights or the backend are broken"
              .formatted(label, textIndex, nats == Double.POSITIVE_INFINITY ? "0" : "no number"));
    }
    surprise.add(nats);
    bytes += text.bytes(textIndex);
    characters += text.characters(textIndex);
  }

  PerplexityResult result(int windows, int allWindows, long read, Duration time) {
    return new PerplexityResult(
        surprise.count(),
        surprise.mean(),
        surprise.error(),
        bytes,
        characters,
        windows,
        allWindows,
        read,
        time);
  }
}

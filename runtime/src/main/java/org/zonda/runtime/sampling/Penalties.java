package org.zonda.runtime.sampling;

import java.util.HashMap;
import java.util.Map;
import org.zonda.runtime.GenerationOptions;

/**
 * Makes tokens that were already there less probable. The repetition penalty looks at the last
 * tokens of prompt and answer, the frequency and presence penalties at the whole answer.
 */
final class Penalties {

  private final float repetition;
  private final float frequency;
  private final float presence;

  /** The last tokens, a ring; empty where the repetition penalty is off. */
  private final int[] window;

  private long seen;
  private final Map<Integer, Integer> inWindow = new HashMap<>();
  private final Map<Integer, Integer> generated = new HashMap<>();

  /**
   * Creates the penalties for one generation.
   *
   * @param options their sizes
   * @param contextLength tokens that there can be, so that a window need not be longer
   */
  Penalties(GenerationOptions options, int contextLength) {
    repetition = options.repetitionPenalty();
    frequency = options.frequencyPenalty();
    presence = options.presencePenalty();
    window = new int[repetition == 1 ? 0 : Math.min(options.repetitionWindow(), contextLength)];
  }

  /**
   * Whether they never change a logit.
   *
   * @return true where all are off
   */
  boolean off() {
    return window.length == 0 && frequency == 0 && presence == 0;
  }

  /**
   * Takes a token of the prompt into the window.
   *
   * @param token its id
   */
  void prompt(int token) {
    if (window.length == 0) {
      return;
    }
    int place = (int) (seen++ % window.length);
    if (seen > window.length) {
      inWindow.computeIfPresent(window[place], (old, count) -> count == 1 ? null : count - 1);
    }
    window[place] = token;
    inWindow.merge(token, 1, Integer::sum);
  }

  /**
   * Takes a token of the answer into the window and the counts.
   *
   * @param token its id
   */
  void generated(int token) {
    prompt(token);
    if (frequency != 0 || presence != 0) {
      generated.merge(token, 1, Integer::sum);
    }
  }

  /**
   * Applies the penalties in place.
   *
   * @param logits one a token
   */
  void apply(float[] logits) {
    for (int token : inWindow.keySet()) {
      logits[token] = logits[token] > 0 ? logits[token] / repetition : logits[token] * repetition;
    }
    generated.forEach((token, count) -> logits[token] -= count * frequency + presence);
  }
}

package org.zonda.runtime.evaluation;

import java.util.Objects;
import org.zonda.model.ZondaException;

/**
 * How to evaluate. A window is as long as the model's context, which is chosen when it is opened.
 *
 * @param windowing how the text is cut
 * @param stride tokens between the beginnings of two windows, below the context; 0 for half of it.
 *     {@link Windowing#SECOND_HALVES} takes 0 only
 * @param windows how many windows to read at most; 0 for all
 */
public record EvaluationOptions(Windowing windowing, int stride, int windows) {

  /** Strided windows that overlap by a half, all of them. */
  public static final EvaluationOptions DEFAULT = new EvaluationOptions(Windowing.STRIDED, 0, 0);

  /** Checks the numbers. */
  public EvaluationOptions {
    Objects.requireNonNull(windowing, "windowing");
    if (stride < 0 || windows < 0) {
      throw new ZondaException(
          "the stride is %d and the number of windows %d; both must be at least 1, or 0 for the default"
              .formatted(stride, windows));
    }
    if (windowing == Windowing.SECOND_HALVES && stride != 0) {
      throw new ZondaException(
          "windows whose second halves are scored lie side by side; a stride of %d is not for them"
              .formatted(stride));
    }
  }
}

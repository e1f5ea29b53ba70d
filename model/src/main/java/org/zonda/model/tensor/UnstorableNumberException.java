package org.zonda.model.tensor;

import org.zonda.model.ZondaException;

/** A number that a format cannot store: not finite, or beyond its range. */
public final class UnstorableNumberException extends ZondaException {
  private static final long serialVersionUID = 1L;

  private final int index;
  private final float number;

  /**
   * Creates the exception.
   *
   * @param type the format
   * @param index which of the numbers that were to be encoded, from 0
   * @param number its value
   * @param largest the largest magnitude that the format stores
   */
  UnstorableNumberException(TensorType type, int index, float number, float largest) {
    super(
        "number %d is %s; %s stores numbers from -%s to %s"
            .formatted(index, number, type, largest, largest));
    this.index = index;
    this.number = number;
  }

  /**
   * Which number it is.
   *
   * @return its index among those given to {@link Codec#encode}, counted from the first encoded
   */
  public int index() {
    return index;
  }

  /**
   * The number itself.
   *
   * @return not a number, an infinity, or a magnitude beyond the format's range
   */
  public float number() {
    return number;
  }
}

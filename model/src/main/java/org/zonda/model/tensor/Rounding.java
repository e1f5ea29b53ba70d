package org.zonda.model.tensor;

/** Rounding as the encoders need it. */
final class Rounding {

  private Rounding() {}

  /** The nearest integer from 0 to a most, halves upwards. */
  static int clamped(float value, int most) {
    // What is below -0.5 is cut to 0 or less, and what does not fit in an int to the ends.
    return Math.min(Math.max((int) (value + 0.5f), 0), most);
  }

  /** One over a scale, and 0 for 0, which then makes zeros of what is multiplied with it. */
  static float inverse(float scale) {
    return scale == 0 ? 0 : 1 / scale;
  }
}

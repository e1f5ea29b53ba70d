package org.zonda.model.tensor;

/** Rounding as the encoders need it. */
final class Rounding {

  /** Added to a float of less than 2^22, it leaves no bits below the point. */
  private static final float MAGIC = 1.5f * (1 << 23);

  private Rounding() {}

  /** The nearest integer from 0 to a most, ties to even. */
  static int clamped(float value, int most) {
    float within = Math.min(Math.max(value, 0), most);
    return (int) (within + MAGIC - MAGIC);
  }

  /** The nearest integer between two, ties to even. */
  static int clamped(float value, int least, int most) {
    return clamped(value - least, most - least) + least;
  }

  /** A scale in half precision: the nearest, but never an infinity. */
  static short half(float scale) {
    float bounded = Math.clamp(scale, -BlockCodec.LARGEST_HALF, BlockCodec.LARGEST_HALF);
    return Float.floatToFloat16(bounded);
  }
}

package org.zonda.kernels;

import uk.ac.manchester.tornado.api.math.TornadoMath;

/**
 * The activation functions, chosen by a code that is a constant of the compiled kernel, so that
 * only the chosen one is in it.
 *
 * <p>The exact GELU needs the error function, which TornadoVM does not offer. It is taken from
 * Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26: absolute error at most 1.5e-7,
 * the resolution of a float near one.
 */
public final class Activations {

  /** x * sigmoid(x). */
  public static final int SILU = 0;

  /** x * (1 + erf(x / sqrt 2)) / 2. */
  public static final int GELU = 1;

  /** The approximation of GELU by tanh that GPT-2 introduced. */
  public static final int GELU_TANH = 2;

  /** max(x, 0). */
  public static final int RELU = 3;

  /** max(x, 0) squared. */
  public static final int RELU_SQUARED = 4;

  private static final float SQRT_HALF = 0.70710678f;
  private static final float SQRT_TWO_OVER_PI = 0.7978845608f;

  private Activations() {}

  /** The value of the activation with the given code at x; an unknown code leaves x as it is. */
  public static float apply(int code, float x) {
    float y = x;
    if (code == SILU) {
      y = x / (1f + TornadoMath.exp(-x));
    }
    if (code == GELU) {
      y = 0.5f * x * (1f + erf(x * SQRT_HALF));
    }
    if (code == GELU_TANH) {
      y = 0.5f * x * (1f + TornadoMath.tanh(SQRT_TWO_OVER_PI * (x + 0.044715f * x * x * x)));
    }
    if (code == RELU) {
      y = TornadoMath.max(x, 0f);
    }
    if (code == RELU_SQUARED) {
      y = TornadoMath.max(x, 0f) * TornadoMath.max(x, 0f);
    }
    return y;
  }

  /** The error function. */
  private static float erf(float x) {
    float a = TornadoMath.abs(x);
    float t = 1f / (1f + 0.3275911f * a);
    float polynomial =
        t
            * (0.254829592f
                + t
                    * (-0.284496736f
                        + t * (1.421413741f + t * (-1.453152027f + t * 1.061405429f))));
    float y = 1f - polynomial * TornadoMath.exp(-a * a);
    if (x < 0f) {
      y = -y;
    }
    return y;
  }
}

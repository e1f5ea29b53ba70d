package org.zonda.runtime.cpu;

import org.zonda.model.graph.Activation;

/** The activation functions of one number, in doubles. */
final class ScalarActivations {

  private static final double SQRT_TWO_OVER_PI = Math.sqrt(2 / Math.PI);

  private ScalarActivations() {}

  static float apply(Activation activation, float x) {
    return switch (activation) {
      case SILU -> (float) (x / (1 + Math.exp(-x)));
      case GELU -> (float) (0.5 * x * (1 + erf(x / Math.sqrt(2))));
      case GELU_TANH ->
          (float) (0.5 * x * (1 + Math.tanh(SQRT_TWO_OVER_PI * (x + 0.044715 * x * x * x))));
      case RELU -> Math.max(0, x);
    };
  }

  /**
   * The error function, by its Maclaurin series near zero and the continued fraction of its
   * complement elsewhere (Abramowitz and Stegun, 7.1.5 and 7.1.14), to about 1e-15.
   */
  static double erf(double x) {
    double a = Math.abs(x);
    if (a > 6) {
      return Math.signum(x);
    }
    if (a < 2.5) {
      double term = a;
      double sum = a;
      for (int n = 1; Math.abs(term) > 1e-17 * sum; n++) {
        term *= -a * a / n;
        sum += term / (2 * n + 1);
      }
      return Math.copySign(2 / Math.sqrt(Math.PI) * sum, x);
    }
    double fraction = a;
    for (int k = 60; k > 0; k--) {
      fraction = a + k / 2.0 / fraction;
    }
    return Math.copySign(1 - Math.exp(-a * a) / Math.sqrt(Math.PI) / fraction, x);
  }
}

package org.zonda.kernels.oracle;

/** The definitions of the element-wise operations. */
public final class ElementOracle {

  private ElementOracle() {}

  /** Activation of the gate times up; the code is one of {@link org.zonda.kernels.Activations}. */
  public static double gate(int code, double gate, double up) {
    return MatrixOracle.activation(code, gate) * up;
  }

  /** The sum. */
  public static double add(double left, double right) {
    return left + right;
  }

  /** The product with a factor. */
  public static double scale(double x, double factor) {
    return x * factor;
  }

  /** The value within its bound. */
  public static double softCap(double x, double cap) {
    return cap * Math.tanh(x / cap);
  }

  /** Activation of the value; the code is one of {@link org.zonda.kernels.Activations}. */
  public static double activate(int code, double x) {
    return MatrixOracle.activation(code, x);
  }
}

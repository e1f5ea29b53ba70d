package org.zonda.kernels.oracle;

/** The definitions of the norms. */
public final class NormOracle {

  private NormOracle() {}

  /**
   * RMSNorm of one vector.
   *
   * @param x the vector
   * @param weight a factor for each element
   * @param epsilon added to the mean square
   * @return the normalised vector
   */
  public static double[] rms(float[] x, float[] weight, double epsilon) {
    double squares = 0;
    for (float value : x) {
      squares += (double) value * value;
    }
    double root = Math.sqrt(squares / x.length + epsilon);
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = x[i] / root * weight[i];
    }
    return y;
  }

  /**
   * LayerNorm of one vector.
   *
   * @param x the vector
   * @param weight a factor for each element
   * @param bias a summand for each element
   * @param epsilon added to the variance
   * @return the normalised vector
   */
  public static double[] layer(float[] x, float[] weight, float[] bias, double epsilon) {
    double mean = 0;
    for (float value : x) {
      mean += value;
    }
    mean /= x.length;
    double variance = 0;
    for (float value : x) {
      variance += (value - mean) * (value - mean);
    }
    variance /= x.length;
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = (x[i] - mean) / Math.sqrt(variance + epsilon) * weight[i] + bias[i];
    }
    return y;
  }
}

package org.zonda.kernels.oracle;

import org.zonda.kernels.Activations;
import org.zonda.kernels.MatrixFlags;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * What the matrix kernels compute.
 *
 * @param weights the stack of matrices
 * @param layer the layer within the stack
 * @param perLayer matrices a layer
 * @param rows output width of a matrix
 * @param columns input width
 * @param inStride from one input row to the next
 * @param outStride from one output row to the next
 * @param flags those of {@link MatrixFlags}
 */
public record MatrixOracle(
    MatrixValues weights,
    int layer,
    int perLayer,
    int rows,
    int columns,
    int inStride,
    int outStride,
    int flags) {

  /**
   * What {@code matvec} makes of y, and {@code matmul} too. {@code route} has the expert of each
   * item or is null; {@code used} is the experts a token uses, 1 without routing.
   */
  public void matvec(int items, int[] route, int used, FloatArray x, FloatArray bias, double[] y) {
    for (int item = 0; item < items; item++) {
      int matrix = matrix(item, route);
      int from = inputRow(item, used) * inStride;
      for (int r = 0; r < rows; r++) {
        double value = dot(matrix * rows + r, x, from, bias);
        int index = item * outStride + r;
        y[index] = has(MatrixFlags.ACCUMULATE) ? y[index] + value : value;
      }
    }
  }

  /** What {@code gated} makes of y, with the given activation. */
  public void gated(
      int items, int[] route, int used, int activation, FloatArray x, FloatArray bias, double[] y) {
    for (int item = 0; item < items; item++) {
      int matrix = matrix(item, route);
      int from = inputRow(item, used) * inStride;
      for (int r = 0; r < rows; r++) {
        double gate = dot(matrix * 2 * rows + r, x, from, bias);
        double up = dot(matrix * 2 * rows + rows + r, x, from, bias);
        y[item * outStride + r] = activation(activation, gate) * up;
      }
    }
  }

  /** What {@code embed} makes of y. */
  public void embed(int[] tokens, double[] y) {
    for (int i = 0; i < tokens.length; i++) {
      for (int k = 0; k < columns; k++) {
        y[i * outStride + k] = weights.at(tokens[i], k);
      }
    }
  }

  private int matrix(int item, int[] route) {
    return layer * perLayer + (has(MatrixFlags.ROUTED) ? route[item] : 0);
  }

  private int inputRow(int item, int used) {
    return has(MatrixFlags.SHARED_INPUT) ? item / used : item;
  }

  private boolean has(int flag) {
    return (flags & flag) != 0;
  }

  private double dot(int row, FloatArray x, int from, FloatArray bias) {
    double sum = has(MatrixFlags.BIAS) ? bias.get(row) : 0;
    for (int k = 0; k < columns; k++) {
      sum += weights.at(row, k) * x.get(from + k);
    }
    return sum;
  }

  /** An activation by its definition. */
  public static double activation(int code, double x) {
    return switch (code) {
      case Activations.SILU -> x / (1 + Math.exp(-x));
      case Activations.GELU -> x * (1 + erf(x / Math.sqrt(2))) / 2;
      case Activations.GELU_TANH ->
          x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))) / 2;
      case Activations.RELU -> Math.max(x, 0);
      case Activations.RELU_SQUARED -> x > 0 ? x * x : 0;
      default -> throw new IllegalArgumentException("no activation has the code " + code);
    };
  }

  /** The error function as a series of positive terms: Abramowitz and Stegun, 7.1.6. */
  private static double erf(double x) {
    double a = Math.abs(x);
    if (a > 6) {
      return Math.signum(x);
    }
    double term = a;
    double sum = a;
    for (int n = 1; term > sum * 1e-17; n++) {
      term *= 2 * a * a / (2 * n + 1);
      sum += term;
    }
    return Math.signum(x) * 2 / Math.sqrt(Math.PI) * Math.exp(-a * a) * sum;
  }
}

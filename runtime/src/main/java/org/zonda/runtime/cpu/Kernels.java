package org.zonda.runtime.cpu;

import java.util.Optional;
import org.zonda.model.graph.Activation;
import org.zonda.model.tensor.TensorType;
import org.zonda.runtime.cpu.machine.HalfProduct;

/**
 * The arithmetic of the CPU backend, on float arrays and offsets into them. There are two
 * providers: {@link ScalarKernels}, plain Java written for reading, and {@link VectorKernels}, the
 * same through the Vector API; one is chosen at start, and the same tests run over both.
 *
 * <p>Stateless and thread-safe.
 */
interface Kernels {

  /** What it is called, such as {@code 512-bit vectors}. */
  String description();

  /**
   * How matrices of a type are multiplied; there is a way for every type that has a codec.
   *
   * @param context what the refusal of any other type names first, such as a file and tensor
   */
  MatrixKernel matrix(TensorType type, String context);

  /** Writes {@code x / sqrt(mean(x²) + epsilon) * weight}; in place is fine. */
  void rmsNorm(
      float[] x,
      int xOffset,
      float[] weight,
      int weightOffset,
      float epsilon,
      float[] out,
      int outOffset,
      int n);

  /** Writes {@code (x - mean(x)) / sqrt(variance(x) + epsilon) * weight}; in place is fine. */
  void layerNorm(
      float[] x,
      int xOffset,
      float[] weight,
      int weightOffset,
      float epsilon,
      float[] out,
      int outOffset,
      int n);

  /** Writes {@code a + b}; in place is fine. */
  void add(float[] a, int aOffset, float[] b, int bOffset, float[] out, int outOffset, int n);

  /** Adds {@code factor * x} to the target. */
  void addScaled(float factor, float[] x, int xOffset, float[] target, int targetOffset, int n);

  /** Writes the activation of x; in place is fine. */
  void activate(Activation activation, float[] x, int xOffset, float[] out, int outOffset, int n);

  /** Writes {@code activation(gate) * up}; in place of either is fine. */
  void gate(
      Activation activation,
      float[] gate,
      int gateOffset,
      float[] up,
      int upOffset,
      float[] out,
      int outOffset,
      int n);

  /** Writes {@code cap * tanh(x / cap)}; in place is fine. */
  void softCap(float[] x, int xOffset, float[] out, int outOffset, int n, float cap);

  /** The sum of the products of two rows. */
  float dot(float[] a, int aOffset, float[] b, int bOffset, int n);

  /** Writes {@code factor * x}; in place is fine. */
  void scale(float[] x, int xOffset, float[] out, int outOffset, int n, float factor);

  /** The largest of n elements; whether one that is no number counts is left open. */
  float max(float[] x, int offset, int n);

  /** Replaces x by {@code exp(x - max)} and returns the sum. */
  float exponentials(float[] x, int offset, int n, float max);

  /** Decodes IEEE 754 half-precision numbers. */
  void decodeHalf(short[] source, int sourceOffset, float[] target, int targetOffset, int n);

  /**
   * {@code out[r][c] += sum over i of a[r][i] * m[i][c]}: scores against a transposed block of
   * keys, and the weighted sum of a block of values.
   *
   * @param columns a multiple of {@link #COLUMNS}; rows of m and out are at least as long
   */
  void multiplyAdd(
      float[] a,
      int aOffset,
      int aStride,
      int rows,
      int inner,
      float[] m,
      int mOffset,
      int mStride,
      float[] out,
      int outOffset,
      int outStride,
      int columns);

  /** The same with a matrix of halves in machine code, where this provider has that. */
  Optional<HalfProduct> halfProduct();

  /** The same without machine code, which takes a while to get at. */
  Kernels withoutMachineCode();

  /** What the columns of {@link #multiplyAdd} are padded to: the widest vector. */
  int COLUMNS = 16;

  /**
   * {@code out[t][r] += sum over k of w[r][k] * x[t][k]}: a tile of a matrix product.
   *
   * @param wStride distance of w's rows
   * @param xStride distance of x's rows, one per token
   * @param outStride distance of out's rows, one per token
   */
  void gemm(
      float[] w,
      int wOffset,
      int wStride,
      int rows,
      float[] x,
      int xOffset,
      int xStride,
      int tokens,
      int inner,
      float[] out,
      int outOffset,
      int outStride);
}

package org.zonda.kernels;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Element-wise operations on rows. Grid of all: x at least {@code width}, y at least the work rows;
 * what is beyond does nothing. An input may be the output too where an element's place in both is
 * the same; the output stands last, as TornadoVM 5.2 needs it of arrays that are given twice. No
 * share of the bandwidth has been measured yet.
 */
public final class ElementKernels {

  private ElementKernels() {}

  /**
   * {@code y = activation(gate) * up}. Bytes moved: {@code 12 * rows * perRow * width}.
   *
   * @param c the context
   * @param pass the pass; only its number of rows is read
   * @param gate work row i begins at {@code gateOffset + i * gateStride}
   * @param up work row i begins at {@code upOffset + i * upStride}; may be the same array as gate
   * @param y work row i begins at {@code outOffset + i * outStride}
   * @param code of the activation, see {@link Activations}
   * @param width floats a row
   * @param perRow work rows a row of the pass has: 1, or the experts used
   * @param gateOffset index of the first gate
   * @param gateStride floats from gate row to gate row
   * @param upOffset index of the first up
   * @param upStride floats from up row to up row
   * @param outOffset index of the first output
   * @param outStride floats from output row to output row
   */
  public static void gate(
      KernelContext c,
      IntArray pass,
      FloatArray gate,
      FloatArray up,
      FloatArray y,
      int code,
      int width,
      int perRow,
      int gateOffset,
      int gateStride,
      int upOffset,
      int upStride,
      int outOffset,
      int outStride) {
    int i = c.globalIdx;
    int row = c.globalIdy;
    if (row < pass.get(PassLayout.ROWS) * perRow && i < width) {
      float activated = Activations.apply(code, gate.get(gateOffset + row * gateStride + i));
      y.set(outOffset + row * outStride + i, activated * up.get(upOffset + row * upStride + i));
    }
  }

  /**
   * {@code y = left + right}. Bytes moved: {@code 12 * rows * width}.
   *
   * @param c the context
   * @param pass the pass; only its number of rows is read
   * @param left row r begins at {@code leftOffset + r * leftStride}
   * @param right row r begins at {@code rightOffset + r * rightStride}
   * @param y row r begins at {@code outOffset + r * outStride}
   * @param width floats a row
   * @param leftOffset index of the first
   * @param leftStride floats from row to row
   * @param rightOffset index of the first
   * @param rightStride floats from row to row
   * @param outOffset index of the first
   * @param outStride floats from row to row
   */
  public static void add(
      KernelContext c,
      IntArray pass,
      FloatArray left,
      FloatArray right,
      FloatArray y,
      int width,
      int leftOffset,
      int leftStride,
      int rightOffset,
      int rightStride,
      int outOffset,
      int outStride) {
    int i = c.globalIdx;
    int row = c.globalIdy;
    if (row < pass.get(PassLayout.ROWS) && i < width) {
      float other = right.get(rightOffset + row * rightStride + i);
      y.set(outOffset + row * outStride + i, left.get(leftOffset + row * leftStride + i) + other);
    }
  }

  /**
   * {@code y += x}. Bytes moved: {@code 12 * rows * width}.
   *
   * @param c the context
   * @param pass the pass; only its number of rows is read
   * @param x row r begins at {@code r * inStride}
   * @param y row r begins at {@code r * outStride}; another array than x
   * @param width floats a row
   * @param inStride floats from row to row
   * @param outStride floats from row to row
   */
  public static void addTo(
      KernelContext c,
      IntArray pass,
      FloatArray x,
      FloatArray y,
      int width,
      int inStride,
      int outStride) {
    int i = c.globalIdx;
    int row = c.globalIdy;
    if (row < pass.get(PassLayout.ROWS) && i < width) {
      int at = row * outStride + i;
      y.set(at, y.get(at) + x.get(row * inStride + i));
    }
  }

  /**
   * {@code y = factor * x}. Bytes moved: {@code 8 * rows * width}.
   *
   * @param c the context
   * @param pass the pass; only its number of rows is read
   * @param x row r begins at {@code inOffset + r * inStride}
   * @param y row r begins at {@code outOffset + r * outStride}; may be x
   * @param width floats a row
   * @param inOffset index of the first
   * @param inStride floats from row to row
   * @param outOffset index of the first
   * @param outStride floats from row to row
   * @param factor the factor
   */
  public static void scale(
      KernelContext c,
      IntArray pass,
      FloatArray x,
      FloatArray y,
      int width,
      int inOffset,
      int inStride,
      int outOffset,
      int outStride,
      float factor) {
    int i = c.globalIdx;
    int row = c.globalIdy;
    if (row < pass.get(PassLayout.ROWS) && i < width) {
      float value = x.get(inOffset + row * inStride + i);
      y.set(outOffset + row * outStride + i, factor * value);
    }
  }

  /**
   * {@code y = cap * tanh(x / cap)}. Bytes moved: {@code 8 * rows * width}.
   *
   * @param c the context
   * @param pass the pass; only its number of rows is read
   * @param x row r begins at {@code inOffset + r * inStride}
   * @param y row r begins at {@code outOffset + r * outStride}; may be x
   * @param width floats a row
   * @param inOffset index of the first
   * @param inStride floats from row to row
   * @param outOffset index of the first
   * @param outStride floats from row to row
   * @param cap the bound, greater than 0
   */
  public static void softCap(
      KernelContext c,
      IntArray pass,
      FloatArray x,
      FloatArray y,
      int width,
      int inOffset,
      int inStride,
      int outOffset,
      int outStride,
      float cap) {
    int i = c.globalIdx;
    int row = c.globalIdy;
    if (row < pass.get(PassLayout.ROWS) && i < width) {
      float value = x.get(inOffset + row * inStride + i);
      y.set(outOffset + row * outStride + i, AttentionScore.capped(value, cap));
    }
  }

  /**
   * {@code y = activation(x)}. Bytes moved: {@code 8 * rows * width}.
   *
   * @param c the context
   * @param pass the pass; only its number of rows is read
   * @param x row r begins at {@code inOffset + r * inStride}
   * @param y row r begins at {@code outOffset + r * outStride}; may be x
   * @param width floats a row
   * @param inOffset index of the first
   * @param inStride floats from row to row
   * @param outOffset index of the first
   * @param outStride floats from row to row
   * @param code of the activation, see {@link Activations}
   */
  public static void activate(
      KernelContext c,
      IntArray pass,
      FloatArray x,
      FloatArray y,
      int width,
      int inOffset,
      int inStride,
      int outOffset,
      int outStride,
      int code) {
    int i = c.globalIdx;
    int row = c.globalIdy;
    if (row < pass.get(PassLayout.ROWS) && i < width) {
      float value = x.get(inOffset + row * inStride + i);
      y.set(outOffset + row * outStride + i, Activations.apply(code, value));
    }
  }
}

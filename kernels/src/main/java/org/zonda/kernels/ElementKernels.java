package org.zonda.kernels;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Element-wise operations on rows. Grid of all: x at least {@code width}, y at least the work rows;
 * what is beyond does nothing. No array may be given twice: TornadoVM 5.2 gets the transfers of
 * such a task wrong, or never ends planning it.
 */
public final class ElementKernels {

  private ElementKernels() {}

  /**
   * {@code y = activation(gate) * up}. Bytes moved: {@code 12 * rows * perRow * width}.
   *
   * @param c the context
   * @param pass the pass; only its number of rows is read
   * @param gate work row i begins at {@code i * gateStride}
   * @param up work row i begins at {@code i * upStride}
   * @param y work row i begins at {@code i * outStride}
   * @param code of the activation, see {@link Activations}
   * @param width floats a row
   * @param perRow work rows a row of the pass has: 1, or the experts used
   * @param gateStride floats from gate row to gate row
   * @param upStride floats from up row to up row
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
      int gateStride,
      int upStride,
      int outStride) {
    int i = c.globalIdx;
    int row = c.globalIdy;
    if (row < pass.get(PassLayout.ROWS) * perRow && i < width) {
      float activated = Activations.apply(code, gate.get(row * gateStride + i));
      y.set(row * outStride + i, activated * up.get(row * upStride + i));
    }
  }

  /**
   * {@link #gate} of gate and up in one array, each row of it {@code width} gates and as many ups.
   * Bytes moved: {@code 12 * rows * perRow * width}.
   *
   * @param c the context
   * @param pass the pass; only its number of rows is read
   * @param x work row i begins at {@code i * inStride}
   * @param y work row i begins at {@code i * outStride}
   * @param code of the activation, see {@link Activations}
   * @param width gates of a row
   * @param perRow work rows a row of the pass has: 1, or the experts used
   * @param inStride floats from input row to input row
   * @param outStride floats from output row to output row
   */
  public static void gateJoined(
      KernelContext c,
      IntArray pass,
      FloatArray x,
      FloatArray y,
      int code,
      int width,
      int perRow,
      int inStride,
      int outStride) {
    int i = c.globalIdx;
    int row = c.globalIdy;
    if (row < pass.get(PassLayout.ROWS) * perRow && i < width) {
      float activated = Activations.apply(code, x.get(row * inStride + i));
      y.set(row * outStride + i, activated * x.get(row * inStride + width + i));
    }
  }

  /**
   * {@code y = left + right}. Bytes moved: {@code 12 * rows * width}.
   *
   * @param c the context
   * @param pass the pass; only its number of rows is read
   * @param left row r begins at {@code r * leftStride}
   * @param right row r begins at {@code r * rightStride}
   * @param y row r begins at {@code r * outStride}
   * @param width floats a row
   * @param leftStride floats from row to row
   * @param rightStride floats from row to row
   * @param outStride floats from row to row
   */
  public static void add(
      KernelContext c,
      IntArray pass,
      FloatArray left,
      FloatArray right,
      FloatArray y,
      int width,
      int leftStride,
      int rightStride,
      int outStride) {
    int i = c.globalIdx;
    int row = c.globalIdy;
    if (row < pass.get(PassLayout.ROWS) && i < width) {
      float sum = left.get(row * leftStride + i) + right.get(row * rightStride + i);
      y.set(row * outStride + i, sum);
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
   * {@code x = factor * x}. Bytes moved: {@code 8 * rows * width}.
   *
   * @param c the context
   * @param pass the pass; only its number of rows is read
   * @param x row r begins at {@code r * stride}
   * @param width floats a row
   * @param stride floats from row to row
   * @param factor the factor
   */
  public static void scale(
      KernelContext c, IntArray pass, FloatArray x, int width, int stride, float factor) {
    int i = c.globalIdx;
    int row = c.globalIdy;
    if (row < pass.get(PassLayout.ROWS) && i < width) {
      x.set(row * stride + i, factor * x.get(row * stride + i));
    }
  }
}

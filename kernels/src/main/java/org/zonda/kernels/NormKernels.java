package org.zonda.kernels;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Normalisation of rows, or of each head of a row. One group a row and head.
 *
 * <p>Grid: x = {@code heads} groups, y = rows (one group a row in y); rows beyond those of the pass
 * do nothing. The local size must be a power of two, at most {@link #MOST_ITEMS}. No share of the
 * bandwidth has been measured yet.
 */
public final class NormKernels {

  /** The most work-items a group may have. */
  public static final int MOST_ITEMS = LaneSum.GROUP;

  private NormKernels() {}

  /**
   * RMSNorm (Zhang and Sennrich 2019, arXiv:1910.07467): {@code y[i] = x[i] * weight[i] /
   * sqrt(mean(x²) + epsilon)}.
   *
   * <p>Bytes moved: {@code rows * heads * width * 8} and once {@code 4 * weights} of the weight; x
   * is read a second time, from the cache.
   *
   * @param c the context
   * @param pass the pass; only its number of rows is read
   * @param cursor the first layer of this execution
   * @param x input; head h of row r begins at {@code inOffset + r * inStride + h * width}
   * @param weight {@code weights} floats a layer, layer after layer
   * @param y output, laid out likewise; may be x if offsets and strides are equal
   * @param slot layer within this execution
   * @param width floats that are normalised together
   * @param heads how many such a row has; 1 for a plain norm of the row
   * @param weights floats of the weight that a layer has: {@code width}, the same for all heads, or
   *     {@code heads * width}, for each head its own
   * @param inOffset index of the first input
   * @param inStride floats from row to row of the input
   * @param outOffset index of the first output
   * @param outStride floats from row to row of the output
   * @param epsilon added to the mean square
   */
  public static void rms(
      KernelContext c,
      IntArray pass,
      IntArray cursor,
      FloatArray x,
      FloatArray weight,
      FloatArray y,
      int slot,
      int width,
      int heads,
      int weights,
      int inOffset,
      int inStride,
      int outOffset,
      int outStride,
      float epsilon) {
    float[] shared = c.allocateFloatLocalArray(1);
    int head = c.groupIdx;
    int row = c.groupIdy;
    boolean active = row < pass.get(PassLayout.ROWS) && head < heads;
    int in = inOffset + row * inStride + head * width;
    float squares = 0f;
    if (active) {
      for (int i = c.localIdx; i < width; i += c.localGroupSizeX) {
        float value = x.get(in + i);
        squares += value * value;
      }
    }
    squares = LaneSum.reduce(c, squares, c.localGroupSizeX);
    if (c.localIdx == 0) {
      shared[0] = 1f / TornadoMath.sqrt(squares / width + epsilon);
    }
    c.localBarrier();
    if (active) {
      int out = outOffset + row * outStride + head * width;
      int own = (cursor.get(0) + slot) * weights + head * width % weights;
      for (int i = c.localIdx; i < width; i += c.localGroupSizeX) {
        y.set(out + i, x.get(in + i) * shared[0] * weight.get(own + i));
      }
    }
  }

  /**
   * LayerNorm (Ba et al. 2016, arXiv:1607.06450): {@code y[i] = (x[i] - mean) * weight[i] /
   * sqrt(variance + epsilon) + bias[i]}, the variance being the mean of squared deviations.
   *
   * <p>Bytes moved: {@code rows * heads * width * 8} and once {@code 8 * weights} of weight and
   * bias; x is read twice more, from the cache.
   *
   * @param c the context
   * @param pass the pass; only its number of rows is read
   * @param cursor the first layer of this execution
   * @param x input; head h of row r begins at {@code inOffset + r * inStride + h * width}
   * @param weight {@code weights} floats a layer, layer after layer
   * @param bias like weight
   * @param y output, laid out like x; may be x if offsets and strides are equal
   * @param slot layer within this execution
   * @param width floats that are normalised together
   * @param heads how many such a row has; 1 for a plain norm of the row
   * @param weights floats of the weight that a layer has: {@code width}, the same for all heads, or
   *     {@code heads * width}, for each head its own
   * @param inOffset index of the first input
   * @param inStride floats from row to row of the input
   * @param outOffset index of the first output
   * @param outStride floats from row to row of the output
   * @param epsilon added to the variance
   */
  public static void layer(
      KernelContext c,
      IntArray pass,
      IntArray cursor,
      FloatArray x,
      FloatArray weight,
      FloatArray bias,
      FloatArray y,
      int slot,
      int width,
      int heads,
      int weights,
      int inOffset,
      int inStride,
      int outOffset,
      int outStride,
      float epsilon) {
    float[] shared = c.allocateFloatLocalArray(2);
    int head = c.groupIdx;
    int row = c.groupIdy;
    boolean active = row < pass.get(PassLayout.ROWS) && head < heads;
    int in = inOffset + row * inStride + head * width;
    float sum = 0f;
    if (active) {
      for (int i = c.localIdx; i < width; i += c.localGroupSizeX) {
        sum += x.get(in + i);
      }
    }
    sum = LaneSum.reduce(c, sum, c.localGroupSizeX);
    if (c.localIdx == 0) {
      shared[0] = sum / width;
    }
    c.localBarrier();
    // Squared deviations, not E(x²) - mean²: that difference cancels where the mean is large.
    float squares = 0f;
    if (active) {
      for (int i = c.localIdx; i < width; i += c.localGroupSizeX) {
        float deviation = x.get(in + i) - shared[0];
        squares += deviation * deviation;
      }
    }
    squares = LaneSum.reduce(c, squares, c.localGroupSizeX);
    if (c.localIdx == 0) {
      shared[1] = 1f / TornadoMath.sqrt(squares / width + epsilon);
    }
    c.localBarrier();
    if (active) {
      int out = outOffset + row * outStride + head * width;
      int own = (cursor.get(0) + slot) * weights + head * width % weights;
      for (int i = c.localIdx; i < width; i += c.localGroupSizeX) {
        float value = (x.get(in + i) - shared[0]) * shared[1];
        y.set(out + i, value * weight.get(own + i) + bias.get(own + i));
      }
    }
  }
}

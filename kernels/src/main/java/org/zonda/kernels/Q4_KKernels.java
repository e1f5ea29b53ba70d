package org.zonda.kernels;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Matrix kernels for Q4_K weights; parameters: {@link MatrixFlags}. */
public final class Q4_KKernels {

  private Q4_KKernels() {}

  /** Multiplies one matrix with each work row. */
  public static void matvec(
      KernelContext c,
      IntArray pass,
      IntArray cursor,
      IntArray route,
      FloatArray x,
      IntArray q,
      IntArray s,
      HalfFloatArray d,
      FloatArray bias,
      FloatArray y,
      int slot,
      int perLayer,
      int rows,
      int columns,
      int inStride,
      int outStride,
      int flags,
      int lanes) {}

  /** Activation of the gate rows times the up rows. */
  public static void gated(
      KernelContext c,
      IntArray pass,
      IntArray cursor,
      IntArray route,
      FloatArray x,
      IntArray q,
      IntArray s,
      HalfFloatArray d,
      FloatArray bias,
      FloatArray y,
      int slot,
      int perLayer,
      int rows,
      int columns,
      int inStride,
      int outStride,
      int flags,
      int lanes) {}

  /** Multiplies one matrix with all rows of the pass, tile by tile. */
  public static void matmul(
      KernelContext c,
      IntArray pass,
      IntArray cursor,
      IntArray route,
      FloatArray x,
      IntArray q,
      IntArray s,
      HalfFloatArray d,
      FloatArray bias,
      FloatArray y,
      int slot,
      int perLayer,
      int rows,
      int columns,
      int inStride,
      int outStride,
      int flags,
      int lanes) {}

  /** The decoded rows of the tokens of the pass. */
  public static void embed(
      KernelContext c,
      IntArray pass,
      IntArray q,
      IntArray s,
      HalfFloatArray d,
      FloatArray y,
      int columns,
      int outStride,
      int capacity) {}
}

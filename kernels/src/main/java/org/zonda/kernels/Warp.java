package org.zonda.kernels;

import uk.ac.manchester.tornado.api.KernelContext;

/**
 * Sums over the 32 neighbouring work-items that run in step, without local memory. Backends CUDA
 * and PTX only: on OpenCL the shuffle does nothing.
 */
public final class Warp {

  /** Items of a warp. */
  public static final int SIZE = 32;

  private Warp() {}

  /** The sum of {@code value} over the warp, valid in its first item; all of it must come here. */
  public static float sum(KernelContext c, float value) {
    float sum = value;
    sum = sum + c.simdShuffleDown(sum, 16);
    sum = sum + c.simdShuffleDown(sum, 8);
    sum = sum + c.simdShuffleDown(sum, 4);
    sum = sum + c.simdShuffleDown(sum, 2);
    sum = sum + c.simdShuffleDown(sum, 1);
    return sum;
  }
}

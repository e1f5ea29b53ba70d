package org.zonda.runtime.cpu;

import java.lang.foreign.MemorySegment;

/**
 * Multiplies a format that is decoded piece by piece to floats, which stay in the first cache and
 * are multiplied there. A format needs only {@link #decode}.
 */
abstract class DecodedMatrix implements MatrixKernel {

  /** Elements that are decoded at once: a multiple of every format's block. */
  private static final int PIECE = 1024;

  private final Kernels kernels;

  DecodedMatrix(Kernels kernels) {
    this.kernels = kernels;
  }

  @Override
  public void multiply(
      MemorySegment weights,
      long offset,
      long rowBytes,
      int columns,
      int rows,
      float[] x,
      int xOffset,
      float[] out,
      int outOffset) {
    float[] piece = new float[Math.min(PIECE, columns)];
    for (int r = 0; r < rows; r++) {
      float sum = 0;
      for (int k = 0; k < columns; k += PIECE) {
        int n = Math.min(PIECE, columns - k);
        decode(weights, offset + r * rowBytes + rowBytes * k / columns, piece, 0, n);
        sum += kernels.dot(piece, 0, x, xOffset + k, n);
      }
      out[outOffset + r] = sum;
    }
  }
}

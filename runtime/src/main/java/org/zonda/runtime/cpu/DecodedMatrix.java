package org.zonda.runtime.cpu;

import java.lang.foreign.MemorySegment;

/**
 * Multiplies a format that is decoded piece by piece to floats, which stay in the first cache and
 * are multiplied there. A format needs only {@link #decode}.
 *
 * <p>Rows far apart take turns, so that memory is read in several streams, which is 1.3 to 1.4
 * times as fast (docs/performance.md): probably since the processor fetches ahead within a page
 * only.
 */
abstract class DecodedMatrix implements MatrixKernel {

  /** Elements that are decoded at once: a multiple of every format's block. */
  private static final int PIECE = 512;

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
    int distance = Math.ceilDiv(rows, STREAMS);
    for (int first = 0; first < distance; first++) {
      for (int r = first; r < rows; r += distance) {
        out[outOffset + r] = 0;
      }
      for (int k = 0; k < columns; k += PIECE) {
        int n = Math.min(PIECE, columns - k);
        long column = rowBytes * k / columns;
        for (int r = first; r < rows; r += distance) {
          decode(weights, offset + r * rowBytes + column, piece, 0, n);
          out[outOffset + r] += kernels.dot(piece, 0, x, xOffset + k, n);
        }
      }
    }
  }
}

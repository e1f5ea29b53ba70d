package org.zonda.runtime.cpu;

import java.util.Optional;
import org.zonda.runtime.cpu.machine.HalfProduct;

/**
 * Products of rows with a block's keys or values, however they are stored. A few rows with halves
 * are machine code where there is any, since they are bound by reading; else halves are decoded
 * first, once for all rows. One worker's, with memory for that.
 */
final class CacheProduct {

  private final Kernels kernels;
  private final Optional<HalfProduct> machine;
  private float[] decoded = {};

  CacheProduct(Kernels kernels) {
    this.kernels = kernels;
    machine = kernels.halfProduct();
  }

  /**
   * {@code out[r][c] += sum over i of a[r][i] * m[i][c]}.
   *
   * @param mStride distance of m's rows, which are read to their ends
   * @param columns a multiple of {@link Kernels#COLUMNS}
   * @param next what is read next, which may be fetched meanwhile
   */
  void multiplyAdd(
      float[] a,
      int aOffset,
      int aStride,
      int rows,
      int inner,
      KvBlock.Tile m,
      int mStride,
      float[] out,
      int outOffset,
      int outStride,
      int columns,
      KvBlock.Tile next) {
    if (m.halves == null) {
      kernels.multiplyAdd(
          a, aOffset, aStride, rows, inner, m.floats, m.offset, mStride, out, outOffset, outStride,
          columns);
    } else if (machine.isPresent() && rows <= HalfProduct.MOST_ROWS) {
      machine
          .get()
          .multiplyAdd(
              a,
              aOffset,
              aStride,
              rows,
              inner,
              m.halves,
              m.offset,
              mStride,
              out,
              outOffset,
              outStride,
              columns,
              next.halves,
              next.offset);
    } else {
      int n = inner * mStride;
      if (decoded.length < n) {
        decoded = new float[n];
      }
      kernels.decodeHalf(m.halves, m.offset, decoded, 0, n);
      kernels.multiplyAdd(
          a, aOffset, aStride, rows, inner, decoded, 0, mStride, out, outOffset, outStride,
          columns);
    }
  }
}

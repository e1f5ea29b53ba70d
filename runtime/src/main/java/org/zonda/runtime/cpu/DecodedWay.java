package org.zonda.runtime.cpu;

import java.util.Arrays;

/** Many tokens: tiles of the matrix, decoded to floats once for all of them. */
final class DecodedWay extends Way {

  private static final int TILE_ROWS = 32;

  /** 4 rows of weights and of activations stay in the first cache. */
  private static final int TILE_COLUMNS = 1024;

  private final Kernels kernels;
  private final float[][] tiles;

  DecodedWay(Kernels kernels, int workers) {
    this.kernels = kernels;
    tiles = new float[workers][];
  }

  @Override
  boolean takes(Matrix matrix, int tokens) {
    return true;
  }

  @Override
  int rowsPerTask(Matrix matrix, int workers) {
    return TILE_ROWS;
  }

  private float[] tile(int worker) {
    if (tiles[worker] == null) {
      tiles[worker] = new float[TILE_ROWS * TILE_COLUMNS];
    }
    return tiles[worker];
  }

  @Override
  void multiply(
      int worker,
      Matrix matrix,
      int firstRow,
      int rows,
      float[] out,
      int outOffset,
      int outDistance) {
    float[] tile = tile(worker);
    for (int t = 0; t < tokens(); t++) {
      int at = outOffset + t * outDistance;
      Arrays.fill(out, at, at + rows, 0);
    }
    for (int k = 0; k < columns(); k += TILE_COLUMNS) {
      int n = Math.min(TILE_COLUMNS, columns() - k);
      long columnBytes = matrix.rowBytes() * k / columns();
      for (int r = 0; r < rows; r++) {
        matrix
            .kernel()
            .decode(matrix.data(), matrix.rowOffset(firstRow + r) + columnBytes, tile, r * n, n);
      }
      kernels.gemm(tile, 0, n, rows, x(), k, columns(), tokens(), n, out, outOffset, outDistance);
    }
  }
}

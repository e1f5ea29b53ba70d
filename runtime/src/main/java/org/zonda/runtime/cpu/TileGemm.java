package org.zonda.runtime.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.zonda.runtime.cpu.machine.Amx;
import org.zonda.runtime.cpu.machine.Bf16Rows;
import org.zonda.runtime.cpu.machine.Panels;
import org.zonda.runtime.cpu.machine.TileProduct;

/**
 * Weights and activations rounded to bfloat16 and multiplied by AMX, sums in floats. The rounding
 * of either, 8 bits of mantissa, changes a product by a thousandth on average.
 */
final class TileGemm extends MachineGemm {

  /** Columns of a panel: a tile takes 512 KB, a quarter of the second cache. */
  private static final int PANEL_COLUMNS = 2048;

  /** From panel to panel: some lines more than they take, so that they share the cache. */
  private static final int PANEL_BYTES = PANEL_COLUMNS * Panels.ROWS * 2 + 256;

  /** Columns that are decoded to floats at once: of 16 rows, half the first cache. */
  private static final int CHUNK = 512;

  /** What each worker has for itself. */
  private static final class Scratch {
    final float[] floats = new float[Panels.ROWS * CHUNK];
    final MemorySegment panels =
        Arena.ofAuto().allocate((long) TILE_ROWS / Panels.ROWS * PANEL_BYTES, 64);
    final TileProduct product = new TileProduct();
  }

  private final Bf16Rows activations = new Bf16Rows();
  private final Scratch[] scratch;

  TileGemm(int workers) {
    scratch = new Scratch[workers];
  }

  static boolean isAvailable() {
    return Amx.isAvailable();
  }

  @Override
  boolean accepts(Matrix matrix) {
    return matrix.columns() % TileProduct.STEP == 0;
  }

  @Override
  void resize(int tokens, int columns) {
    super.resize(tokens, columns);
    activations.resize(tokens, columns);
  }

  @Override
  void convert(int token, float[] x, int xOffset) {
    activations.round(token, x, xOffset);
  }

  @Override
  void addTile(
      int worker,
      Matrix matrix,
      int firstRow,
      int rows,
      float[] out,
      int outOffset,
      int outDistance) {
    if (scratch[worker] == null) {
      scratch[worker] = new Scratch();
    }
    Scratch s = scratch[worker];
    for (int k = 0; k < columns; k += PANEL_COLUMNS) {
      int n = Math.min(PANEL_COLUMNS, columns - k);
      pack(s, matrix, firstRow, rows, k, n);
      s.product.multiply(
          activations.segment(),
          2L * k,
          activations.rowBytes(),
          tokens,
          s.panels,
          PANEL_BYTES,
          rows,
          n,
          out,
          outOffset,
          outDistance);
    }
  }

  private static void pack(Scratch s, Matrix matrix, int firstRow, int rows, int k, int n) {
    MatrixKernel kernel = matrix.kernel();
    for (int first = 0; first < rows; first += Panels.ROWS) {
      int panelRows = Math.min(Panels.ROWS, rows - first);
      long panel = (long) first / Panels.ROWS * PANEL_BYTES;
      for (int c = 0; c < n; c += CHUNK) {
        int count = Math.min(CHUNK, n - c);
        long columnBytes = matrix.rowBytes() * (k + c) / matrix.columns();
        prefetchNext(matrix, firstRow + first, panelRows, k + c, count);
        for (int r = 0; r < panelRows; r++) {
          long row = matrix.rowOffset(firstRow + first + r);
          kernel.decode(matrix.data(), row + columnBytes, s.floats, r * CHUNK, count);
        }
        Panels.bf16(s.floats, CHUNK, count, s.panels, panel + (long) c * Panels.ROWS * 2);
      }
    }
  }
}

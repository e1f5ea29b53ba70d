package org.zonda.runtime.cpu;

import org.zonda.runtime.cpu.machine.Prefetch;

/**
 * Products of matrices with many tokens in machine code. The activations are first converted to the
 * form that the products read, once for all matrices that read them; then workers multiply tiles of
 * rows, each with all tokens:
 *
 * <pre>
 *   gemm.resize(tokens, columns)
 *   for each token, in any thread:        gemm.convert(token, x, xOffset)
 *   for each tile of rows, in any thread: gemm.addTile(worker, matrix, firstRow, rows, out, ...)
 * </pre>
 *
 * A tile's rows of weights are unpacked once, to panels of 16 interleaved rows that stay in the
 * second cache.
 */
abstract sealed class MachineGemm permits TileGemm, BlockGemm, FloatGemm {

  /**
   * Most rows of a tile, and what a worker should ask for at once: for each tile the activations of
   * all tokens are read again, from the third cache.
   */
  static final int TILE_ROWS = 128;

  int tokens;
  int columns;

  /** Whether it can multiply a matrix. */
  abstract boolean accepts(Matrix matrix);

  /**
   * Makes room for activations.
   *
   * @param tokens rows
   * @param columns a multiple of 32
   */
  void resize(int tokens, int columns) {
    this.tokens = tokens;
    this.columns = columns;
  }

  /**
   * Converts a token's activations.
   *
   * @param token below those of {@link #resize}
   * @param x holds as many floats as there are columns
   * @param xOffset index of the first
   */
  abstract void convert(int token, float[] x, int xOffset);

  /**
   * Adds the products of some rows with all tokens: {@code out[outOffset + t * outDistance + r] +=
   * row firstRow + r * token t}.
   *
   * @param worker who calls, below the number of workers
   * @param matrix one of as many columns that is {@linkplain #accepts accepted}
   * @param firstRow of the tile
   * @param rows up to {@link #TILE_ROWS}
   * @param out holds what is added to, such as zeros or a bias
   */
  abstract void addTile(
      int worker,
      Matrix matrix,
      int firstRow,
      int rows,
      float[] out,
      int outOffset,
      int outDistance);

  /**
   * Asks for what follows the piece of some rows that is unpacked now: the next piece of the same
   * rows, or the first of the next.
   */
  static void prefetchNext(Matrix matrix, int firstRow, int rows, int column, int count) {
    long bytes = matrix.rowBytes() * count / matrix.columns();
    int next = column + count < matrix.columns() ? column + count : 0;
    int row = next > 0 ? firstRow : firstRow + rows;
    int nextRows = Math.min(rows, matrix.rows() - row);
    long offset = matrix.rowOffset(row) + matrix.rowBytes() * next / matrix.columns();
    Prefetch.rows(matrix.data(), offset, matrix.rowBytes(), bytes, nextRows);
  }
}

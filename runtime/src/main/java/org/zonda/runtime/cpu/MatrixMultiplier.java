package org.zonda.runtime.cpu;

import java.util.Arrays;

/**
 * Multiplies rows of activations with one or several matrices that read the same activations, in
 * one job for all cores. Few tokens (decode) go through the formats' own dot products; many
 * (prefill) go through a float product of tiles that are decoded once for all tokens.
 */
final class MatrixMultiplier {

  /**
   * A matrix, what is added to its product, and where the product goes.
   *
   * @param matrix the weights
   * @param bias one float a row, or null
   * @param out row t begins at {@code t * matrix.rows()}
   */
  record Product(Matrix matrix, float[] bias, Buffer out) {}

  /** From so many tokens on, decoding a tile to floats pays. */
  private static final int MANY_TOKENS = 6;

  /** Weights of one task of the dot products: long enough for memory to be read in four streams. */
  private static final int TASK_BYTES = 256 << 10;

  /** Below so many weights a task is not worth its claim. */
  private static final int LEAST_TASK_BYTES = 32 << 10;

  /** Rows of a decoded tile. */
  private static final int TILE_ROWS = 32;

  /** Columns of a decoded tile: 4 rows of weights and of activations stay in the first cache. */
  private static final int TILE_COLUMNS = 1024;

  private final WorkerPool pool;
  private final Kernels kernels;
  private final float[][] tiles;

  MatrixMultiplier(WorkerPool pool, Kernels kernels) {
    this.pool = pool;
    this.kernels = kernels;
    tiles = new float[pool.threads()][];
  }

  /** A way to compute some rows of a product. */
  private interface Rows {
    void compute(int worker, int first, int rows);
  }

  /** A product cut into tasks. */
  private record Plan(Rows rows, int matrixRows, int rowsPerTask) {

    int tasks() {
      return Math.ceilDiv(matrixRows, rowsPerTask);
    }

    void run(int worker, int task) {
      int first = task * rowsPerTask;
      rows.compute(worker, first, Math.min(rowsPerTask, matrixRows - first));
    }
  }

  /**
   * Writes {@code out = matrix * x + bias}.
   *
   * @param x row t of the activations begins at {@code t * columns}
   * @param tokens rows of x
   * @param products matrices of the same columns
   */
  void run(float[] x, int tokens, Product... products) {
    Plan[] plans = new Plan[products.length];
    int[] firstTask = new int[products.length + 1];
    for (int i = 0; i < products.length; i++) {
      plans[i] = plan(x, tokens, products[i]);
      firstTask[i + 1] = firstTask[i] + plans[i].tasks();
    }
    pool.run(
        firstTask[products.length],
        (worker, task) -> {
          int i = 0;
          while (task >= firstTask[i + 1]) {
            i++;
          }
          plans[i].run(worker, task - firstTask[i]);
        });
  }

  private Plan plan(float[] x, int tokens, Product product) {
    Matrix matrix = product.matrix();
    if (tokens < MANY_TOKENS) {
      return new Plan(
          (worker, first, rows) -> multiplyRows(x, tokens, product, first, rows),
          matrix.rows(),
          rowsPerTask(matrix));
    }
    return new Plan(
        (worker, first, rows) -> multiplyTile(x, tokens, product, first, rows, tile(worker)),
        matrix.rows(),
        TILE_ROWS);
  }

  /**
   * Tasks as long as they should be, but several for each core where the matrix is large enough.
   */
  private int rowsPerTask(Matrix matrix) {
    long wanted = TASK_BYTES / matrix.rowBytes();
    long least = LEAST_TASK_BYTES / matrix.rowBytes();
    long share = Math.ceilDiv(matrix.rows(), 4 * pool.threads());
    return (int) Math.clamp(Math.min(wanted, Math.max(share, least)), 1, matrix.rows());
  }

  private static void multiplyRows(float[] x, int tokens, Product product, int first, int rows) {
    Matrix matrix = product.matrix();
    float[] out = product.out().data;
    for (int t = 0; t < tokens; t++) {
      int at = t * matrix.rows() + first;
      matrix
          .kernel()
          .multiply(
              matrix.data(),
              matrix.rowOffset(first),
              matrix.rowBytes(),
              matrix.columns(),
              rows,
              x,
              t * matrix.columns(),
              out,
              at);
      if (product.bias() != null) {
        for (int r = 0; r < rows; r++) {
          out[at + r] += product.bias()[first + r];
        }
      }
    }
  }

  private float[] tile(int worker) {
    if (tiles[worker] == null) {
      tiles[worker] = new float[TILE_ROWS * TILE_COLUMNS];
    }
    return tiles[worker];
  }

  private void multiplyTile(
      float[] x, int tokens, Product product, int first, int rows, float[] tile) {
    Matrix matrix = product.matrix();
    float[] out = product.out().data;
    for (int t = 0; t < tokens; t++) {
      int at = t * matrix.rows() + first;
      if (product.bias() == null) {
        Arrays.fill(out, at, at + rows, 0);
      } else {
        System.arraycopy(product.bias(), first, out, at, rows);
      }
    }
    for (int k = 0; k < matrix.columns(); k += TILE_COLUMNS) {
      int n = Math.min(TILE_COLUMNS, matrix.columns() - k);
      long columnBytes = matrix.rowBytes() * k / matrix.columns();
      for (int r = 0; r < rows; r++) {
        matrix
            .kernel()
            .decode(matrix.data(), matrix.rowOffset(first + r) + columnBytes, tile, r * n, n);
      }
      kernels.gemm(tile, 0, n, rows, x, k, matrix.columns(), tokens, n, out, first, matrix.rows());
    }
  }
}

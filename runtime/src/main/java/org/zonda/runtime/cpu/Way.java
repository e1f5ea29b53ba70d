package org.zonda.runtime.cpu;

/**
 * A way to multiply matrices with rows of activations. {@link #begin} comes first; then every row
 * is {@linkplain #convert converted}, where it {@linkplain #converts converts}, and after that rows
 * of the matrix are multiplied, both by any threads. One product, or several of the same
 * activations, at a time.
 */
abstract class Way {

  private float[] x;
  private int tokens;
  private int columns;

  /** Whether it multiplies a matrix with so many rows of activations, and well. */
  abstract boolean takes(Matrix matrix, int tokens);

  /**
   * Takes the activations of the next products.
   *
   * @param x row t begins at {@code t * columns}; not changed before the products are done
   */
  void begin(float[] x, int tokens, int columns) {
    this.x = x;
    this.tokens = tokens;
    this.columns = columns;
  }

  /** Whether activations must be converted before they are multiplied. */
  boolean converts() {
    return false;
  }

  /** Converts a row of activations. */
  void convert(int token) {}

  /** How many rows of a matrix make a task for one worker. */
  abstract int rowsPerTask(Matrix matrix, int workers);

  /**
   * Writes {@code out[outOffset + t * outDistance + r] = row firstRow + r * activations t}.
   *
   * @param worker who calls, for scratch memory
   * @param rows at most those of a task
   */
  abstract void multiply(
      int worker,
      Matrix matrix,
      int firstRow,
      int rows,
      float[] out,
      int outOffset,
      int outDistance);

  final float[] x() {
    return x;
  }

  final int tokens() {
    return tokens;
  }

  final int columns() {
    return columns;
  }

  /** Where a row of activations begins. */
  final int rowOffset(int token) {
    return token * columns;
  }
}

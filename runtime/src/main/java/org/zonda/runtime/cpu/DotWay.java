package org.zonda.runtime.cpu;

/** Few tokens: the formats' own dot products, straight from the stored blocks. */
final class DotWay extends Way {

  /** Weights of one task: long enough for memory to be read in four streams. */
  private static final int TASK_BYTES = 256 << 10;

  /** Below so many weights a task is not worth its claim. */
  private static final int LEAST_TASK_BYTES = 32 << 10;

  private final int mostTokens;

  /**
   * A way.
   *
   * @param mostTokens up to how many it is to be preferred
   */
  DotWay(int mostTokens) {
    this.mostTokens = mostTokens;
  }

  /**
   * Tasks as long as they should be, but several for each core where the matrix is large enough.
   */
  static int taskRows(Matrix matrix, int workers) {
    long wanted = TASK_BYTES / matrix.rowBytes();
    long least = LEAST_TASK_BYTES / matrix.rowBytes();
    long share = Math.ceilDiv(matrix.rows(), 4 * workers);
    return (int) Math.clamp(Math.min(wanted, Math.max(share, least)), 1, matrix.rows());
  }

  @Override
  boolean takes(Matrix matrix, int tokens) {
    return tokens <= mostTokens;
  }

  @Override
  int rowsPerTask(Matrix matrix, int workers) {
    return taskRows(matrix, workers);
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
    for (int t = 0; t < tokens(); t++) {
      matrix
          .kernel()
          .multiply(
              matrix.data(),
              matrix.rowOffset(firstRow),
              matrix.rowBytes(),
              matrix.columns(),
              rows,
              x(),
              rowOffset(t),
              out,
              outOffset + t * outDistance);
    }
  }
}

package org.zonda.runtime.cpu;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Predicate;
import org.zonda.model.tensor.TensorType;

/** Many tokens: tiles of the matrix multiplied in machine code. */
final class GemmWay extends Way {

  /** What all products take at once: fewer would cost as much. */
  private static final int ROWS = 32;

  private final MachineGemm gemm;
  private final int leastTokens;
  private final Predicate<TensorType> types;

  /** Formats that were tried, and whether their code could be installed. */
  private final Map<TensorType, Boolean> works = new EnumMap<>(TensorType.class);

  /**
   * A way.
   *
   * @param leastTokens from how many on it is to be preferred
   * @param types for which formats
   */
  GemmWay(MachineGemm gemm, int leastTokens, Predicate<TensorType> types) {
    this.gemm = gemm;
    this.leastTokens = leastTokens;
    this.types = types;
  }

  @Override
  boolean takes(Matrix matrix, int tokens) {
    return tokens >= leastTokens
        && types.test(matrix.type())
        && gemm.accepts(matrix)
        && works.computeIfAbsent(matrix.type(), type -> works(matrix));
  }

  /** Multiplies a row with zeros, which makes the code; the system may refuse memory for it. */
  private boolean works(Matrix matrix) {
    try {
      gemm.resize(1, matrix.columns());
      gemm.convert(0, new float[matrix.columns()], 0);
      gemm.addTile(0, matrix, 0, 1, new float[1], 0, 1);
      return true;
    } catch (IllegalStateException | LinkageError e) {
      return false;
    }
  }

  @Override
  void begin(float[] x, int tokens, int columns) {
    super.begin(x, tokens, columns);
    gemm.resize(tokens, columns);
  }

  @Override
  boolean converts() {
    return true;
  }

  @Override
  void convert(int token) {
    gemm.convert(token, x(), rowOffset(token));
  }

  @Override
  int rowsPerTask(Matrix matrix, int workers) {
    int share = Math.ceilDiv(matrix.rows(), 2 * workers);
    return Math.clamp(Math.ceilDiv(share, ROWS) * ROWS, ROWS, MachineGemm.TILE_ROWS);
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
      int at = outOffset + t * outDistance;
      Arrays.fill(out, at, at + rows, 0);
    }
    gemm.addTile(worker, matrix, firstRow, rows, out, outOffset, outDistance);
  }
}

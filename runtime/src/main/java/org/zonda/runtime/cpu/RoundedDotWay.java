package org.zonda.runtime.cpu;

import org.zonda.runtime.cpu.machine.MachineMatvec;
import org.zonda.runtime.cpu.machine.QuantizedRows;

/** Few tokens, rounded to bytes: machine code multiplies whole numbers. */
final class RoundedDotWay extends Way {

  private final int mostTokens;
  private final QuantizedRows rounded = new QuantizedRows();

  /**
   * A way.
   *
   * @param mostTokens up to how many it is to be preferred
   */
  RoundedDotWay(int mostTokens) {
    this.mostTokens = mostTokens;
  }

  @Override
  boolean takes(Matrix matrix, int tokens) {
    return tokens <= mostTokens
        && matrix.columns() % QuantizedRows.BLOCK == 0
        && MachineMatvec.of(matrix.type()).isPresent();
  }

  @Override
  void begin(float[] x, int tokens, int columns) {
    super.begin(x, tokens, columns);
    rounded.resize(tokens, columns);
  }

  @Override
  boolean converts() {
    return true;
  }

  @Override
  void convert(int token) {
    rounded.quantize(token, x(), rowOffset(token));
  }

  @Override
  int rowsPerTask(Matrix matrix, int workers) {
    return DotWay.taskRows(matrix, workers);
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
    MachineMatvec matvec = MachineMatvec.of(matrix.type()).orElseThrow();
    for (int t = 0; t < tokens(); t += MachineMatvec.MOST_TOKENS) {
      matvec.multiply(
          matrix.data(),
          matrix.rowOffset(firstRow),
          matrix.rowBytes(),
          matrix.columns(),
          rows,
          rounded,
          t,
          Math.min(MachineMatvec.MOST_TOKENS, tokens() - t),
          out,
          outOffset + t * outDistance,
          outDistance);
    }
  }
}

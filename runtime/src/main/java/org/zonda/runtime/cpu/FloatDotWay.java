package org.zonda.runtime.cpu;

import org.zonda.runtime.cpu.machine.MachineFloatMatvec;

/**
 * Few tokens and weights that are floats of any size: dot products in machine code, not rounded.
 */
final class FloatDotWay extends Way {

  private final int mostTokens;

  /**
   * A way.
   *
   * @param mostTokens up to how many it is to be preferred
   */
  FloatDotWay(int mostTokens) {
    this.mostTokens = mostTokens;
  }

  @Override
  boolean takes(Matrix matrix, int tokens) {
    return tokens <= mostTokens && MachineFloatMatvec.of(matrix.type()).isPresent();
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
    MachineFloatMatvec matvec = MachineFloatMatvec.of(matrix.type()).orElseThrow();
    for (int t = 0; t < tokens(); t += MachineFloatMatvec.MOST_TOKENS) {
      matvec.multiply(
          matrix.data(),
          matrix.rowOffset(firstRow),
          matrix.rowBytes(),
          matrix.columns(),
          rows,
          x(),
          rowOffset(t),
          columns(),
          Math.min(MachineFloatMatvec.MOST_TOKENS, tokens() - t),
          out,
          outOffset + t * outDistance,
          outDistance);
    }
  }
}

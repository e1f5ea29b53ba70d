package org.zonda.runtime.cpu;

import java.lang.foreign.MemorySegment;
import org.zonda.model.tensor.Codec;

/**
 * Any format that has a codec: decodes a piece of a row and multiplies floats. It is the definition
 * that faster kernels are tested against, and what a new format runs on until it has one.
 */
final class CodecMatrix implements MatrixKernel {

  /** Floats that are decoded at once: a multiple of every block, small enough for the stack. */
  private static final int PIECE = 256;

  private final Codec codec;

  CodecMatrix(Codec codec) {
    this.codec = codec;
  }

  @Override
  public boolean readsQuantised() {
    return false;
  }

  @Override
  public void multiply(
      MemorySegment weights,
      long offset,
      int columns,
      int rows,
      Activations x,
      int token,
      float[] out,
      int outOffset) {
    float[] piece = new float[Math.min(PIECE, columns)];
    long at = offset;
    for (int r = 0; r < rows; r++) {
      double sum = 0;
      for (int k = 0; k < columns; k += PIECE) {
        int n = Math.min(PIECE, columns - k);
        codec.decode(weights, at, piece, 0, n);
        at += codec.type().bytes(n);
        for (int i = 0; i < n; i++) {
          sum += piece[i] * x.values[token * x.stride + k + i];
        }
      }
      out[outOffset + r] = (float) sum;
    }
  }

  @Override
  public void decode(
      MemorySegment weights, long offset, float[] target, int targetOffset, int count) {
    codec.decode(weights, offset, target, targetOffset, count);
  }
}

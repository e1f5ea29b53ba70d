package org.zonda.runtime.cpu;

import java.lang.foreign.MemorySegment;

/**
 * How rows of one storage format are multiplied with a row of activations, straight from the mapped
 * file. Stateless and thread-safe.
 */
interface MatrixKernel {

  /** Whether {@link #multiply} reads the activations' 8-bit form rather than the floats. */
  boolean readsQuantised();

  /**
   * {@code out[outOffset + r] = dot(row r, activations)} for consecutive rows.
   *
   * @param weights holds the rows
   * @param offset of the first row in bytes
   * @param columns elements of a row
   * @param rows how many rows
   * @param x the activations
   * @param token which row of the activations
   * @param out receives the sums
   * @param outOffset index of the first
   */
  void multiply(
      MemorySegment weights,
      long offset,
      int columns,
      int rows,
      Activations x,
      int token,
      float[] out,
      int outOffset);

  /**
   * Decodes consecutive elements to floats.
   *
   * @param weights holds the elements
   * @param offset of the first block in bytes
   * @param target receives the floats
   * @param targetOffset index of the first
   * @param count a multiple of the format's block
   */
  void decode(MemorySegment weights, long offset, float[] target, int targetOffset, int count);
}

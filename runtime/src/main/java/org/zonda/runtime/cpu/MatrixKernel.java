package org.zonda.runtime.cpu;

import java.lang.foreign.MemorySegment;

/**
 * How rows of one storage format are multiplied with a row of activations, straight from the mapped
 * file. Stateless and thread-safe.
 */
interface MatrixKernel {

  /** Rows that are read at the same time, far apart; see {@link DecodedMatrix}. */
  int STREAMS = 4;

  /**
   * {@code out[outOffset + r] = dot(row r, x)} for consecutive rows.
   *
   * @param weights holds the rows
   * @param offset of the first row in bytes
   * @param rowBytes distance of the rows
   * @param columns elements of a row
   * @param rows how many rows
   * @param x the activations
   * @param xOffset index of the first
   * @param out receives the sums
   * @param outOffset index of the first
   */
  void multiply(
      MemorySegment weights,
      long offset,
      long rowBytes,
      int columns,
      int rows,
      float[] x,
      int xOffset,
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

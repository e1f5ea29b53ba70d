package org.zonda.runtime.cpu;

/**
 * Rows of activations, one a token, as floats and, for kernels that multiply integers, in blocks of
 * 32 numbers of 8 bits with a scale: {@code x ≈ scale * q} with q from -127 to 127, as in Q8_0. The
 * numbers are kept as shorts, ready to be multiplied.
 */
final class Activations {

  /** Numbers that share a scale. */
  static final int BLOCK = 32;

  final float[] values;
  final int stride;
  final int columns;

  /** Whether the arrays below are filled; see {@link Kernels#quantise}. */
  boolean quantised;

  short[] quants;
  float[] scales;

  /** Sum of a block's quants times its scale, for formats with an offset. */
  float[] sums;

  /**
   * A view on rows of floats.
   *
   * @param values the floats; row t begins at {@code t * stride}
   * @param columns floats a row
   * @param stride distance of the rows
   */
  Activations(float[] values, int columns, int stride) {
    this.values = values;
    this.columns = columns;
    this.stride = stride;
  }

  /** Makes room for the 8-bit form of the first rows. */
  void allocate(int tokens) {
    int blocks = tokens * (columns / BLOCK);
    quants = new short[blocks * BLOCK];
    scales = new float[blocks];
    sums = new float[blocks];
    quantised = true;
  }
}

package org.zonda.runtime.cpu.machine;

import java.lang.foreign.MemorySegment;

/**
 * Rows of activations, each rounded to signed bytes in blocks of {@value #BLOCK}: {@code x ≈ scale
 * * q} with {@code scale = max|x| / 127} of the block, rounded to the nearest, ties to even. A row
 * of K columns is, in native memory, with nb = K / 32 blocks, each part at a multiple of 64 bytes:
 *
 * <pre>
 *   int8  q[K]         the rounded numbers
 *   float scale[nb]    what they are multiples of
 *   int32 sum[nb]      the sum of a block's q
 *   float sum32[nb]    scale * sum
 *   float sum16[2 nb]  scale * the sum of the q of each 16 columns
 * </pre>
 *
 * Rows are written by {@link #quantize}, different rows by different threads as they like.
 */
public final class QuantizedRows implements AutoCloseable {

  /** Columns that share a scale. */
  public static final int BLOCK = 32;

  /** Rows without memory. */
  public QuantizedRows() {}

  /**
   * Makes room; what the rows held is lost.
   *
   * @param rows how many
   * @param columns of each, a multiple of {@value #BLOCK}
   */
  public void resize(int rows, int columns) {
    throw new UnsupportedOperationException();
  }

  /**
   * Writes a row.
   *
   * @param row which
   * @param x holds the activations
   * @param offset index of the first
   */
  public void quantize(int row, float[] x, int offset) {
    throw new UnsupportedOperationException();
  }

  /**
   * The memory of all rows.
   *
   * @return the segment; another one after {@link #resize}
   */
  public MemorySegment segment() {
    throw new UnsupportedOperationException();
  }

  /**
   * Columns of each row.
   *
   * @return a multiple of {@value #BLOCK}
   */
  public int columns() {
    throw new UnsupportedOperationException();
  }

  /**
   * How many rows there is room for.
   *
   * @return the number
   */
  public int rows() {
    throw new UnsupportedOperationException();
  }

  /**
   * Bytes from row to row.
   *
   * @return a multiple of 64
   */
  public long rowBytes() {
    throw new UnsupportedOperationException();
  }

  /**
   * Where a row's q begins in the segment.
   *
   * @param row which
   * @return a multiple of 64
   */
  public long offset(int row) {
    throw new UnsupportedOperationException();
  }

  /**
   * Where the scales of a row of so many columns begin, from the row's beginning.
   *
   * @param columns a multiple of {@value #BLOCK}
   * @return a multiple of 64
   */
  public static long scaleOffset(int columns) {
    throw new UnsupportedOperationException();
  }

  /**
   * Where the sums as whole numbers begin.
   *
   * @param columns a multiple of {@value #BLOCK}
   * @return a multiple of 64, from the row's beginning
   */
  public static long sumOffset(int columns) {
    throw new UnsupportedOperationException();
  }

  /**
   * Where the scaled sums of 32 columns begin.
   *
   * @param columns a multiple of {@value #BLOCK}
   * @return a multiple of 64, from the row's beginning
   */
  public static long sum32Offset(int columns) {
    throw new UnsupportedOperationException();
  }

  /**
   * Where the scaled sums of 16 columns begin.
   *
   * @param columns a multiple of {@value #BLOCK}
   * @return a multiple of 64, from the row's beginning
   */
  public static long sum16Offset(int columns) {
    throw new UnsupportedOperationException();
  }

  /** Gives the memory back. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}

package org.zonda.runtime.cpu.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Rows of activations, each rounded to signed bytes in blocks of {@value #BLOCK}: {@code x ≈ scale
 * * q} with {@code scale = max|x| / 127} and {@code q = round(x * (127 / max|x|))}, ties to even. A
 * row of K columns is, in native memory, with nb = K / 32 blocks, each part at a multiple of 64
 * bytes:
 *
 * <pre>
 *   int8  q[K]         the rounded numbers
 *   float scale[nb]    what they are multiples of
 *   int32 sum[nb]      the sum of a block's q
 *   float sum32[nb]    scale * sum
 *   float sum16[2 nb]  scale * the sum of the q of each 16 columns
 *   int32 excess32[nb]    -128 * sum: what to begin with where 128 was added to the other factors
 *   int32 excess16[2 nb]  the same of each 16 columns
 * </pre>
 *
 * A block with a number that is infinite or not a number has q = 0 and an infinite scale or one
 * that is not a number, so whatever it is multiplied with becomes NaN. A block whose numbers are
 * all below {@link #TINY} has q = 0.
 *
 * <p>Rows are written by {@link #quantize}, different rows by different threads as they like.
 */
public final class QuantizedRows {

  /** Columns that share a scale. */
  public static final int BLOCK = 32;

  /** What counts as zero: below, 127 / max|x| would be infinite. */
  static final float TINY = 0x1p-120f;

  private static final int ALIGNMENT = 64;

  /** Not closed but collected: passing it to machine code then costs no count of its users. */
  private MemorySegment memory = MemorySegment.NULL;

  private int rows;
  private int columns;

  /** Rows without memory. */
  public QuantizedRows() {}

  /**
   * Makes room; what the rows held is lost. No other thread may use them meanwhile.
   *
   * @param rows how many
   * @param columns of each, a multiple of {@value #BLOCK}
   * @throws IllegalArgumentException if it is not
   */
  public void resize(int rows, int columns) {
    if (rows < 0 || columns < 0 || columns % BLOCK != 0) {
      throw new IllegalArgumentException(
          "%d rows of %d columns; columns must be a multiple of %d"
              .formatted(rows, columns, BLOCK));
    }
    this.rows = rows;
    this.columns = columns;
    long bytes = rows * rowBytes();
    if (bytes > memory.byteSize()) {
      memory = Arena.ofAuto().allocate(bytes, ALIGNMENT);
    }
  }

  /**
   * Writes a row.
   *
   * @param row which
   * @param x holds the activations
   * @param offset index of the first
   * @throws IndexOutOfBoundsException if there is no such row or not as many activations
   */
  public void quantize(int row, float[] x, int offset) {
    Objects.checkFromIndexSize(offset, columns, x.length);
    QuantizingKernel.quantize(x, offset, columns, memory, offset(row));
  }

  /**
   * The memory of all rows.
   *
   * @return the segment; it may be longer, and another one after {@link #resize}
   */
  public MemorySegment segment() {
    return memory;
  }

  /**
   * Columns of each row.
   *
   * @return a multiple of {@value #BLOCK}
   */
  public int columns() {
    return columns;
  }

  /**
   * How many rows there is room for.
   *
   * @return the number
   */
  public int rows() {
    return rows;
  }

  /**
   * Bytes from row to row.
   *
   * @return a multiple of 64
   */
  public long rowBytes() {
    return excess16Offset(columns) + aligned(columns / BLOCK * 2L * Float.BYTES);
  }

  /**
   * Where a row begins in the segment, with its q.
   *
   * @param row which
   * @return a multiple of 64
   * @throws IndexOutOfBoundsException if there is no such row
   */
  public long offset(int row) {
    return Objects.checkIndex(row, rows) * rowBytes();
  }

  /**
   * Where the scales of a row of so many columns begin, from the row's beginning.
   *
   * @param columns a multiple of {@value #BLOCK}
   * @return a multiple of 64
   */
  public static long scaleOffset(int columns) {
    return aligned(columns);
  }

  /**
   * Where the sums as whole numbers begin.
   *
   * @param columns a multiple of {@value #BLOCK}
   * @return a multiple of 64, from the row's beginning
   */
  public static long sumOffset(int columns) {
    return scaleOffset(columns) + perBlock(columns);
  }

  /**
   * Where the scaled sums of 32 columns begin.
   *
   * @param columns a multiple of {@value #BLOCK}
   * @return a multiple of 64, from the row's beginning
   */
  public static long sum32Offset(int columns) {
    return sumOffset(columns) + perBlock(columns);
  }

  /**
   * Where the scaled sums of 16 columns begin.
   *
   * @param columns a multiple of {@value #BLOCK}
   * @return a multiple of 64, from the row's beginning
   */
  public static long sum16Offset(int columns) {
    return sum32Offset(columns) + perBlock(columns);
  }

  /**
   * Where -128 times the sums of 32 columns begins.
   *
   * @param columns a multiple of {@value #BLOCK}
   * @return a multiple of 64, from the row's beginning
   */
  public static long excess32Offset(int columns) {
    return sum16Offset(columns) + aligned(columns / BLOCK * 2L * Float.BYTES);
  }

  /**
   * Where -128 times the sums of 16 columns begins.
   *
   * @param columns a multiple of {@value #BLOCK}
   * @return a multiple of 64, from the row's beginning
   */
  public static long excess16Offset(int columns) {
    return excess32Offset(columns) + perBlock(columns);
  }

  private static long perBlock(int columns) {
    return aligned(columns / BLOCK * (long) Float.BYTES);
  }

  private static long aligned(long bytes) {
    return bytes + ALIGNMENT - 1 & -ALIGNMENT;
  }
}

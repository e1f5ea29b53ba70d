package org.zonda.runtime.cpu.machine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Objects;
import java.util.Optional;

/**
 * Products of a few rows of floats with a matrix of half-precision numbers: attention of one
 * position's heads over a block of the KV cache, which is bound by reading it. The numbers are
 * converted in registers, and what is read next is fetched ahead. See {@link HalfProductCode}.
 *
 * <p>Each sum is made in the order of the rows of the matrix, with one rounding a step, as the
 * Vector API's path makes it: the results are the same bit for bit.
 *
 * <p>Thread-safe.
 */
public final class HalfProduct {

  /** From so many rows on, converting the matrix once for all of them is faster. */
  public static final int MOST_ROWS = 2 * HalfProductCode.MOST_ROWS;

  /** Columns are a multiple of this. */
  public static final int STEP = HalfProductCode.LANES;

  private static final FunctionDescriptor TYPE =
      FunctionDescriptor.ofVoid(
          ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG,
          JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  /** A constant, so that calls are compiled into their callers; null where there is none. */
  private static final MethodHandle FUNCTION =
      MachineCode.instructionSet() == InstructionSet.AVX512
          ? MachineCode.link("attention", HalfProductCode.write(), TYPE).orElse(null)
          : null;

  private static final Optional<HalfProduct> FOUND =
      Optional.ofNullable(FUNCTION == null ? null : new HalfProduct());

  private HalfProduct() {}

  /**
   * The product of this machine.
   *
   * @return empty if there is no machine code here, or no AVX-512
   */
  public static Optional<HalfProduct> find() {
    return FOUND;
  }

  /**
   * {@code out[r][c] += sum over i of a[r][i] * m[i][c]}.
   *
   * @param a rows of floats
   * @param aOffset index of the first
   * @param aStride from row to row
   * @param rows how many, any number; best up to {@link #MOST_ROWS}
   * @param inner rows of m
   * @param m the matrix, IEEE 754 half-precision
   * @param mOffset index of its first element
   * @param mStride from row to row
   * @param out receives the sums
   * @param outOffset index of the first
   * @param outStride from row to row
   * @param columns of m and out, a multiple of {@link #STEP}
   * @param next holds what is read next, perhaps m itself
   * @param nextOffset index of its first element; as much as m has is fetched from there on
   * @throws IndexOutOfBoundsException if a, m or out do not hold what is read and written
   */
  public void multiplyAdd(
      float[] a,
      int aOffset,
      int aStride,
      int rows,
      int inner,
      short[] m,
      int mOffset,
      int mStride,
      float[] out,
      int outOffset,
      int outStride,
      int columns,
      short[] next,
      int nextOffset) {
    if (rows == 0 || inner == 0 || columns == 0) {
      return;
    }
    if (columns % STEP != 0 || (rows | inner | columns | aStride | mStride | outStride) < 0) {
      throw new IllegalArgumentException(
          rows + " rows of " + inner + " by " + columns + " columns");
    }
    Objects.checkFromIndexSize((long) aOffset, (rows - 1L) * aStride + inner, a.length);
    Objects.checkFromIndexSize((long) mOffset, (inner - 1L) * mStride + columns, m.length);
    Objects.checkFromIndexSize((long) outOffset, (rows - 1L) * outStride + columns, out.length);
    Objects.checkIndex(nextOffset, next.length);
    int turns = Math.ceilDiv(rows, HalfProductCode.MOST_ROWS);
    for (int turn = 0; turn < turns; turn++) {
      int first = turn * rows / turns;
      int count = (turn + 1) * rows / turns - first;
      for (int c = 0; c < columns; c += HalfProductCode.VECTORS * STEP) {
        int vectors = Math.min(HalfProductCode.VECTORS, (columns - c) / STEP);
        // Fetched once, and what is here already costs little.
        boolean fetches = turn == 0;
        call(
            a,
            aOffset + first * aStride,
            fetches ? next : m,
            fetches ? nextOffset + c * inner : mOffset,
            m,
            mOffset + c,
            out,
            outOffset + first * outStride + c,
            aStride,
            mStride,
            outStride,
            inner,
            HalfProductCode.variant(count, vectors));
      }
    }
  }

  private static void call(
      float[] a,
      long aOffset,
      short[] next,
      long nextOffset,
      short[] m,
      long mOffset,
      float[] out,
      long outOffset,
      long aStride,
      long mStride,
      long outStride,
      long inner,
      long variant) {
    try {
      FUNCTION.invokeExact(
          MemorySegment.ofArray(a),
          aOffset * Float.BYTES,
          MemorySegment.ofArray(m),
          mOffset * Short.BYTES,
          MemorySegment.ofArray(out),
          outOffset * Float.BYTES,
          MemorySegment.ofArray(next),
          nextOffset * Short.BYTES,
          aStride * Float.BYTES,
          mStride * Short.BYTES,
          outStride * Float.BYTES,
          inner,
          variant);
    } catch (Throwable e) {
      throw Product.unexpected(e);
    }
  }
}

package org.zonda.runtime.cpu.machine;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Objects;

/**
 * Interleaves rows of weights for the products of this package: of each 32 bits of the rows the
 * bytes of all 16 rows of a panel stand together.
 */
public final class Panels {

  /** Rows of a panel. */
  public static final int ROWS = PanelCode.ROWS;

  private Panels() {}

  // Each is made when it is first asked for.
  private static final class Bytes {
    static final MethodHandle PACK = link(PanelCode.Conversion.BYTES_PLUS_128);
  }

  private static final class Words {
    static final MethodHandle PACK = link(PanelCode.Conversion.NONE);
  }

  private static final class Bf16 {
    static final MethodHandle PACK = link(PanelCode.Conversion.FLOATS_TO_BF16);
  }

  private static MethodHandle link(PanelCode.Conversion conversion) {
    return Product.link("panels of " + conversion, PanelCode.write(conversion), PanelCode.TYPE);
  }

  /**
   * Interleaves 16 rows of signed bytes.
   *
   * @param source holds 16 rows
   * @param distance from row to row, a multiple of 64
   * @param columns of the rows; up to the next multiple of 64 is read and written
   * @param unsigned whether 128 is added to the numbers
   * @param target receives 16 bytes a column
   * @param offset where in the target
   */
  public static void bytes(
      byte[] source,
      int distance,
      int columns,
      boolean unsigned,
      MemorySegment target,
      long offset) {
    pack(
        unsigned ? Bytes.PACK : Words.PACK,
        MemorySegment.ofArray(source),
        distance,
        Math.ceilDiv(columns, 64),
        64,
        target,
        offset);
  }

  /**
   * Interleaves 16 rows of floats.
   *
   * @param source holds 16 rows
   * @param distance from row to row in floats, a multiple of 16
   * @param columns of the rows; up to the next multiple of 16 is read and written
   * @param target receives 64 bytes a column
   * @param offset where in the target
   */
  public static void floats(
      float[] source, int distance, int columns, MemorySegment target, long offset) {
    pack(
        Words.PACK,
        MemorySegment.ofArray(source),
        4L * distance,
        Math.ceilDiv(columns, 16),
        64,
        target,
        offset);
  }

  /**
   * Rounds 16 rows of floats to bfloat16 and interleaves them.
   *
   * @param source holds 16 rows
   * @param distance from row to row in floats, a multiple of 32
   * @param columns of the rows, a multiple of 32
   * @param target receives 32 bytes a column
   * @param offset where in the target
   */
  public static void bf16(
      float[] source, int distance, int columns, MemorySegment target, long offset) {
    pack(
        Bf16.PACK,
        MemorySegment.ofArray(source),
        4L * distance,
        Math.ceilDiv(columns, 32),
        128,
        target,
        offset);
  }

  private static void pack(
      MethodHandle function,
      MemorySegment source,
      long distance,
      long steps,
      int stepBytes,
      MemorySegment target,
      long offset) {
    if (steps == 0) {
      return;
    }
    Objects.checkFromIndexSize(0, (ROWS - 1) * distance + steps * stepBytes, source.byteSize());
    long bytes = steps * PanelCode.STEP_WORDS * ROWS * 4;
    try {
      function.invokeExact(source, distance, target.asSlice(offset, bytes), steps);
    } catch (Throwable e) {
      throw Product.unexpected(e);
    }
  }
}

package org.zonda.runtime.cpu.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.util.Objects;

/**
 * Products of panels of weights with rows of activations in the tile registers of AMX, both rounded
 * to bfloat16, products and sums in floats. See {@link TileProductCode}.
 *
 * <p>One for each thread: it holds the memory of the arguments.
 */
public final class TileProduct {

  /** Columns are a multiple of this. */
  public static final int STEP = TileProductCode.STEP;

  private static final int TOKENS = 32;
  private static final int ROWS = 32;

  /** Functions for one or two tiles of tokens, with one or two panels. */
  private static final class Functions {
    static final MethodHandle ONE_ONE = link(1, 1);
    static final MethodHandle ONE_TWO = link(1, 2);
    static final MethodHandle TWO_ONE = link(2, 1);
    static final MethodHandle TWO_TWO = link(2, 2);

    private static MethodHandle link(int tokenTiles, int panels) {
      return Product.link(
          "product of tiles " + tokenTiles + "x" + panels,
          TileProductCode.write(tokenTiles, panels),
          TileProductCode.TYPE);
    }
  }

  private final MemorySegment memory =
      Arena.ofAuto().allocate(TileShapes.BYTES + TileProductCode.ARGUMENT_BYTES, 64);
  private final MemorySegment shapes = memory.asSlice(0, TileShapes.BYTES);
  private final MemorySegment arguments = memory.asSlice(TileShapes.BYTES);

  /**
   * Reserves the memory of the arguments.
   *
   * @throws IllegalStateException if there is no {@link Amx}
   */
  public TileProduct() {
    if (!Amx.isPresent()) {
      throw new IllegalStateException("AMX with bfloat16 is not available");
    }
  }

  /**
   * Adds {@code out[t][r] += sum over k of x[t][k] * w[r][k]}.
   *
   * @param x rows of bfloat16
   * @param xOffset where the first token's begin in bytes
   * @param xDistance bytes from token to token
   * @param tokens how many
   * @param w panels made by {@link Panels#bf16}, from its beginning on
   * @param wDistance bytes from panel to panel
   * @param rows how many in all panels
   * @param columns a multiple of {@value #STEP}
   * @param out receives the sums
   * @param outOffset index of the first
   * @param outDistance from token to token
   */
  public void multiply(
      MemorySegment x,
      long xOffset,
      long xDistance,
      int tokens,
      MemorySegment w,
      long wDistance,
      int rows,
      int columns,
      float[] out,
      int outOffset,
      int outDistance) {
    if (tokens == 0 || rows == 0 || columns == 0) {
      return;
    }
    if (columns % STEP != 0) {
      throw new IllegalArgumentException("columns: " + columns);
    }
    int panels = Math.ceilDiv(rows, Panels.ROWS);
    Product.checkDistances(xDistance, outDistance, wDistance);
    Objects.checkFromIndexSize(xOffset, (tokens - 1) * xDistance + 2L * columns, x.byteSize());
    Objects.checkFromIndexSize(
        0, (panels - 1) * wDistance + 2L * columns * Panels.ROWS, w.byteSize());
    Objects.checkFromIndexSize(
        (long) outOffset, (tokens - 1L) * outDistance + rows, (long) out.length);
    int full = rows / ROWS;
    int rest = rows % ROWS;
    for (int t = 0; t < tokens; t += TOKENS) {
      int n = Math.min(TOKENS, tokens - t);
      long xAddress = x.address() + xOffset + t * xDistance;
      long at = outOffset + (long) t * outDistance;
      if (full > 0) {
        call(
            xAddress,
            xDistance,
            n,
            w.address(),
            wDistance,
            ROWS,
            full,
            columns,
            out,
            at,
            outDistance);
      }
      if (rest > 0) {
        long address = w.address() + full * (ROWS / Panels.ROWS) * wDistance;
        call(
            xAddress,
            xDistance,
            n,
            address,
            wDistance,
            rest,
            1,
            columns,
            out,
            at + (long) full * ROWS,
            outDistance);
      }
    }
    Reference.reachabilityFence(x);
    Reference.reachabilityFence(w);
  }

  private void call(
      long x,
      long xDistance,
      int tokens,
      long w,
      long wDistance,
      int rows,
      int times,
      int columns,
      float[] out,
      long outOffset,
      int outDistance) {
    TileShapes.write(shapes, tokens, rows);
    long[] values = {
      shapes.address(),
      x,
      xDistance,
      w,
      wDistance,
      columns / STEP,
      4 * outOffset,
      4L * outDistance,
      times
    };
    MemorySegment.copy(values, 0, arguments, ValueLayout.JAVA_LONG, 0, values.length);
    MemorySegment target = MemorySegment.ofArray(out);
    try {
      if (tokens > 16) {
        if (rows > 16) {
          Functions.TWO_TWO.invokeExact(arguments, target);
        } else {
          Functions.TWO_ONE.invokeExact(arguments, target);
        }
      } else if (rows > 16) {
        Functions.ONE_TWO.invokeExact(arguments, target);
      } else {
        Functions.ONE_ONE.invokeExact(arguments, target);
      }
    } catch (Throwable e) {
      throw Product.unexpected(e);
    }
  }
}

package org.zonda.runtime.cpu.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.util.Objects;

/**
 * Products of panels of floats with rows of floats. See {@link FloatProductCode}.
 *
 * <p>One for each thread: it holds the memory of the arguments and of the panels.
 */
public final class FloatProduct {

  /** Most rows of a product. */
  public static final int ROWS = FloatProductCode.PANELS * PanelCode.ROWS;

  /** Most columns of a product. */
  public static final int COLUMNS = FloatProductCode.COLUMNS;

  /** Columns are a multiple of this. */
  public static final int STEP = FloatProductCode.STEP;

  /** Tokens of one call, so that it ends soon. */
  private static final int CALL_TOKENS = 480;

  private static final class Functions {
    static final MethodHandle[] OF_TOKENS = new MethodHandle[FloatProductCode.MOST_TOKENS + 1];

    static {
      for (int tokens = 1; tokens < OF_TOKENS.length; tokens++) {
        OF_TOKENS[tokens] =
            Product.link(
                "product of floats with " + tokens,
                FloatProductCode.write(tokens),
                FloatProductCode.TYPE);
      }
    }
  }

  private final MemorySegment arguments =
      Arena.ofAuto().allocate(FloatProductCode.ARGUMENT_BYTES, 64);
  private final MemorySegment panels =
      Arena.ofAuto().allocate(FloatProductCode.PANELS * FloatProductCode.PANEL_BYTES, 64);

  /** Reserves the memory. */
  public FloatProduct() {}

  /**
   * Sets the weights of 16 rows.
   *
   * @param panel 0, or 1 for the rows from 16 on
   * @param rows 16 rows of floats, of which some may mean nothing
   * @param distance from row to row in floats
   * @param columns up to {@link #COLUMNS}
   */
  public void setPanel(int panel, float[] rows, int distance, int columns) {
    Objects.checkIndex(panel, FloatProductCode.PANELS);
    Objects.checkFromIndexSize(0, columns, COLUMNS);
    Panels.floats(rows, distance, columns, panels, (long) panel * FloatProductCode.PANEL_BYTES);
  }

  /**
   * Adds {@code out[t][r] += sum over k of x[t][k] * w[r][k]}.
   *
   * @param x rows of floats in native memory
   * @param xOffset where the first token's begin in bytes
   * @param xDistance bytes from token to token
   * @param tokens how many
   * @param rows how many in the panels
   * @param columns a multiple of {@value #STEP} up to {@link #COLUMNS}
   * @param out receives the sums
   * @param outOffset index of the first
   * @param outDistance from token to token
   */
  public void multiply(
      MemorySegment x,
      long xOffset,
      long xDistance,
      int tokens,
      int rows,
      int columns,
      float[] out,
      int outOffset,
      int outDistance) {
    if (tokens == 0 || rows == 0 || columns == 0) {
      return;
    }
    Objects.checkFromIndexSize(0, rows, ROWS);
    Objects.checkFromIndexSize(0, columns, COLUMNS);
    if (columns % STEP != 0) {
      throw new IllegalArgumentException("columns: " + columns);
    }
    Product.checkDistances(xDistance, outDistance);
    Objects.checkFromIndexSize(xOffset, (tokens - 1) * xDistance + 4L * columns, x.byteSize());
    Objects.checkFromIndexSize(
        (long) outOffset, (tokens - 1L) * outDistance + rows, (long) out.length);
    for (int t = 0; t < tokens; ) {
      int n = Product.turnTokens(tokens - t, FloatProductCode.MOST_TOKENS);
      int turns = Product.turns(Math.min(tokens - t, CALL_TOKENS), FloatProductCode.MOST_TOKENS);
      set(FloatProductCode.WEIGHTS, panels.address());
      set(FloatProductCode.ACTIVATIONS, x.address() + xOffset + t * xDistance);
      set(FloatProductCode.X_DISTANCE, xDistance);
      set(FloatProductCode.STEPS, columns / STEP);
      set(FloatProductCode.OUT_OFFSET, 4 * (outOffset + (long) t * outDistance));
      set(FloatProductCode.OUT_DISTANCE, 4L * outDistance);
      set(FloatProductCode.ROW_MASK, (1L << rows) - 1);
      set(FloatProductCode.TURNS, turns);
      try {
        Functions.OF_TOKENS[n].invokeExact(arguments, MemorySegment.ofArray(out));
      } catch (Throwable e) {
        throw Product.unexpected(e);
      }
      t += turns * n;
    }
    Reference.reachabilityFence(x);
    Reference.reachabilityFence(this);
  }

  private void set(int at, long value) {
    arguments.set(ValueLayout.JAVA_LONG, at, value);
  }
}

package org.zonda.runtime.cpu.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.util.Objects;

/**
 * Products of panels of small whole numbers, which have scales and perhaps minimums for groups of
 * 16 or 32 columns, with {@link QuantizedRows}. See {@link BlockProductCode}.
 *
 * <p>One for each thread: it holds the memory of the arguments and of the panels.
 */
public final class BlockProduct {

  /** Most rows of a product. */
  public static final int ROWS = BlockProductCode.PANELS * PanelCode.ROWS;

  /** Most columns of a product. */
  public static final int COLUMNS = BlockProductCode.COLUMNS;

  /** Tokens of one call, so that it ends soon. */
  private static final int CALL_TOKENS = 480;

  /** Functions by number of tokens; made for each kind of groups when it is first used. */
  private static final class Functions {
    static final Functions GROUP_16 = new Functions(16, false);
    static final Functions GROUP_32 = new Functions(32, false);
    static final Functions GROUP_16_MINIMUMS = new Functions(16, true);
    static final Functions GROUP_32_MINIMUMS = new Functions(32, true);

    final int group;
    final boolean minimums;
    private MethodHandle[] ofTokens;

    Functions(int group, boolean minimums) {
      this.group = group;
      this.minimums = minimums;
    }

    synchronized MethodHandle[] ofTokens() {
      if (ofTokens == null) {
        ofTokens = new MethodHandle[BlockProductCode.MOST_TOKENS + 1];
        for (int tokens = 1; tokens < ofTokens.length; tokens++) {
          ofTokens[tokens] =
              Product.link(
                  "product of groups of " + group + " with " + tokens,
                  BlockProductCode.write(tokens, group, minimums),
                  BlockProductCode.TYPE);
        }
      }
      return ofTokens;
    }

    static Functions of(int group, boolean minimums) {
      if (group == 16) {
        return minimums ? GROUP_16_MINIMUMS : GROUP_16;
      }
      return minimums ? GROUP_32_MINIMUMS : GROUP_32;
    }
  }

  private final int group;
  private final boolean minimums;
  private final MethodHandle[] functions;
  private final MemorySegment arguments =
      Arena.ofAuto().allocate(BlockProductCode.ARGUMENT_BYTES, 64);
  private final MemorySegment panels =
      Arena.ofAuto().allocate(BlockProductCode.PANELS * BlockProductCode.PANEL_BYTES, 64);
  private final MemorySegment scales =
      Arena.ofAuto().allocate(BlockProductCode.PANELS * BlockProductCode.SCALE_BYTES, 64);
  private final MemorySegment least =
      Arena.ofAuto().allocate(BlockProductCode.PANELS * BlockProductCode.SCALE_BYTES, 64);

  /**
   * Reserves the memory.
   *
   * @param group columns that share a scale: 16 or 32
   * @param minimums whether groups have minimums; then the numbers are not negative
   */
  public BlockProduct(int group, boolean minimums) {
    if (group != 16 && group != 32) {
      throw new IllegalArgumentException("group: " + group);
    }
    this.group = group;
    this.minimums = minimums;
    functions = Functions.of(group, minimums).ofTokens();
  }

  /**
   * Sets some columns of the weights of 16 rows.
   *
   * @param panel 0, or 1 for the rows from 16 on
   * @param column the first, a multiple of 512
   * @param columns up to 512, a multiple of 32
   * @param numbers 16 rows, 512 apart
   * @param scales 16 rows, as far apart as is given
   * @param minimums the same
   * @param scaleDistance from row to row of scales and of minimums, a multiple of 16
   */
  public void setPanel(
      int panel,
      int column,
      int columns,
      byte[] numbers,
      float[] scales,
      float[] minimums,
      int scaleDistance) {
    Objects.checkIndex(panel, BlockProductCode.PANELS);
    Objects.checkFromIndexSize(column, columns, COLUMNS);
    long at = (long) panel * BlockProductCode.PANEL_BYTES + (long) column * PanelCode.ROWS;
    Panels.bytes(numbers, CHUNK, columns, !this.minimums, panels, at);
    long groupAt =
        (long) panel * BlockProductCode.SCALE_BYTES + (long) column / group * PanelCode.ROWS * 4;
    Panels.floats(scales, scaleDistance, columns / group, this.scales, groupAt);
    if (this.minimums) {
      Panels.floats(minimums, scaleDistance, columns / group, least, groupAt);
    }
  }

  /** Columns that {@link #setPanel} takes at once, and the distance of its rows of numbers. */
  public static final int CHUNK = 512;

  /**
   * Adds {@code out[t][r] += sum over k of x[t][k] * w[r][k]}.
   *
   * @param x the activations
   * @param column the first, a multiple of 32
   * @param tokens how many, from the first on
   * @param rows how many in the panels
   * @param columns a multiple of 32 up to {@link #COLUMNS}
   * @param out receives the sums
   * @param outOffset index of the first
   * @param outDistance from token to token
   */
  public void multiply(
      QuantizedRows x,
      int column,
      int tokens,
      int rows,
      int columns,
      float[] out,
      int outOffset,
      int outDistance) {
    if (tokens == 0 || rows == 0 || columns == 0) {
      return;
    }
    Product.checkDistances(outDistance);
    Objects.checkFromIndexSize(0, rows, ROWS);
    Objects.checkFromIndexSize(0, columns, COLUMNS);
    Objects.checkFromIndexSize(column, columns, x.columns());
    Objects.checkFromIndexSize(0, tokens, x.rows());
    if (columns % QuantizedRows.BLOCK != 0 || column % QuantizedRows.BLOCK != 0) {
      throw new IllegalArgumentException("columns: " + column + " and " + columns);
    }
    Objects.checkFromIndexSize(
        (long) outOffset, (tokens - 1L) * outDistance + rows, (long) out.length);
    int block = column / QuantizedRows.BLOCK;
    for (int t = 0; t < tokens; ) {
      int n = Product.turnTokens(tokens - t, BlockProductCode.MOST_TOKENS);
      int turns = Product.turns(Math.min(tokens - t, CALL_TOKENS), BlockProductCode.MOST_TOKENS);
      long row = x.segment().address() + x.offset(t);
      set(BlockProductCode.WEIGHTS, panels.address());
      set(BlockProductCode.SCALES, scales.address());
      set(BlockProductCode.MINIMUMS, least.address());
      set(BlockProductCode.NUMBERS, row + column);
      set(BlockProductCode.X_SCALES, row + QuantizedRows.scaleOffset(x.columns()) + 4L * block);
      set(BlockProductCode.SUMS, row + sumOffset(x.columns(), block));
      set(BlockProductCode.X_DISTANCE, x.rowBytes());
      set(BlockProductCode.BLOCKS, columns / QuantizedRows.BLOCK);
      set(BlockProductCode.OUT_OFFSET, 4 * (outOffset + (long) t * outDistance));
      set(BlockProductCode.OUT_DISTANCE, 4L * outDistance);
      set(BlockProductCode.ROW_MASK, (1L << rows) - 1);
      set(BlockProductCode.TURNS, turns);
      try {
        functions[n].invokeExact(arguments, MemorySegment.ofArray(out));
      } catch (Throwable e) {
        throw Product.unexpected(e);
      }
      t += turns * n;
    }
    Reference.reachabilityFence(x);
    Reference.reachabilityFence(this);
  }

  /** Where the sums begin that the code wants: see {@link BlockProductCode#SUMS}. */
  private long sumOffset(int columns, int block) {
    if (group == 16) {
      return 8L * block
          + (minimums ? QuantizedRows.sum16Offset(columns) : QuantizedRows.excess16Offset(columns));
    }
    return 4L * block
        + (minimums ? QuantizedRows.sum32Offset(columns) : QuantizedRows.excess32Offset(columns));
  }

  private void set(int at, long value) {
    arguments.set(ValueLayout.JAVA_LONG, at, value);
  }
}

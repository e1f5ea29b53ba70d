package org.zonda.kernels;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.enums.MMAShape;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * The product of F16 weights with many rows on tensor cores: half-precision factors, sums of 32
 * bits. Backends CUDA and PTX, compute capability 8.0 or higher. Compiled, but never run on a GPU.
 *
 * <p>A group of {@link #GROUP} items, four warps, computes {@link #TILE} pass rows by {@link #TILE}
 * output rows: a warp 16 pass rows by 8 panels of 8 output rows, in steps of {@link #DEPTH}
 * columns, with the instruction mma.m16n8k16. It takes its factors from local memory, two to a
 * word: the inputs row after row; of each panel the columns one after another, with the values of
 * its 8 output rows side by side. (Fragments and tiles: PTX ISA, "Matrix Fragments for
 * mma.m16n8k16" and "ldmatrix".) A weight is read once for 64 pass rows.
 */
public final class TensorKernels {

  /** Pass rows, and output rows, of a group. */
  public static final int TILE = 64;

  /** Items of a group. */
  public static final int GROUP = 128;

  /** What the number of columns is a multiple of. */
  public static final int DEPTH = 16;

  /** What the number of output rows is a multiple of. */
  public static final int PANEL = 8;

  /** Pass rows of a warp: y has room for R rounded up to a multiple of them. */
  public static final int WARP_ROWS = 16;

  /** Words of a tile, and bytes of the part of each that is a warp's or a panel's. */
  private static final int WORDS = TILE * DEPTH / 2;

  private static final int WARP_BYTES = WARP_ROWS * DEPTH * 2;
  private static final int PANEL_WORDS = PANEL * DEPTH / 2;
  private static final int PANEL_BYTES = 4 * PANEL_WORDS;

  private TensorKernels() {}

  /**
   * Halves the precision of rows of x; values beyond its range become infinite. One item a value:
   * at least {@code width} items in x, R groups (of size 1) in y.
   */
  public static void halve(
      KernelContext c, IntArray pass, FloatArray x, HalfFloatArray h, int width, int stride) {
    int k = c.globalIdx;
    int row = c.groupIdy;
    if (row < pass.get(PassLayout.ROWS) && k < width) {
      h.set(row * width + k, new HalfFloat(x.get(row * stride + k)));
    }
  }

  /**
   * {@code y[row] = W h[row]}: as {@link F16Kernels#matmul}, without bias and residual.
   *
   * <p>Grid: groups of {@link #GROUP} items, {@code ceil(rows / TILE)} of them in x and at least
   * {@code ceil(R / TILE)} groups (of size 1) in y.
   *
   * @param h inputs, rows of {@code columns} values one after another
   * @param w the stack of matrices
   * @param y rows of {@code outStride}; those from R to the next multiple of {@link #WARP_ROWS} are
   *     overwritten
   * @param rows output rows, a multiple of {@link #PANEL}
   * @param columns a multiple of {@link #DEPTH}
   */
  public static void matmulF16(
      KernelContext c,
      IntArray pass,
      IntArray cursor,
      HalfFloatArray h,
      HalfFloatArray w,
      FloatArray y,
      int slot,
      int perLayer,
      int rows,
      int columns,
      int outStride) {
    int[] inputs = c.allocateIntLocalArray(WORDS);
    int[] weights = c.allocateIntLocalArray(WORDS);
    float[] sum0 = c.mmaFragment(0f);
    float[] sum1 = c.mmaFragment(0f);
    float[] sum2 = c.mmaFragment(0f);
    float[] sum3 = c.mmaFragment(0f);
    float[] sum4 = c.mmaFragment(0f);
    float[] sum5 = c.mmaFragment(0f);
    float[] sum6 = c.mmaFragment(0f);
    float[] sum7 = c.mmaFragment(0f);
    int warp = c.localIdx / Warp.SIZE;
    int firstRow = (cursor.get(0) + slot) * perLayer * rows;
    int depth = Tiles.depth(c, pass, columns, TILE);
    int last = pass.get(PassLayout.ROWS) - 1;
    for (int column = 0; column < depth; column = column + DEPTH) {
      for (int i = c.localIdx; i < WORDS; i = i + GROUP) {
        int item = c.groupIdy * TILE + i / (DEPTH / 2);
        if (item > last) {
          item = last;
        }
        int at = item * columns + column + i % (DEPTH / 2) * 2;
        int low = h.get(at).getHalfFloatValue() & 0xffff;
        int high = h.get(at + 1).getHalfFloatValue() & 0xffff;
        inputs[i] = low | (high << 16);
      }
      for (int i = c.localIdx; i < WORDS; i = i + GROUP) {
        int k = i % DEPTH;
        int pair = i / DEPTH;
        int row = c.groupIdx * TILE + 2 * pair;
        if (row >= rows) {
          row = rows - 2;
        }
        int at = (firstRow + row) * columns + column + k;
        int low = w.get(at).getHalfFloatValue() & 0xffff;
        int high = w.get(at + columns).getHalfFloatValue() & 0xffff;
        weights[pair / 4 * PANEL_WORDS + 4 * k + pair % 4] = low | (high << 16);
      }
      c.localBarrier();
      HalfFloat[] factors = c.mmaLoadA(inputs, DEPTH, warp * WARP_BYTES);
      HalfFloat[] panel0 = c.mmaLoadB(weights, DEPTH, 0);
      sum0 = c.mma(factors, panel0, sum0, MMAShape.M16N8K16);
      HalfFloat[] panel1 = c.mmaLoadB(weights, DEPTH, PANEL_BYTES);
      sum1 = c.mma(factors, panel1, sum1, MMAShape.M16N8K16);
      HalfFloat[] panel2 = c.mmaLoadB(weights, DEPTH, 2 * PANEL_BYTES);
      sum2 = c.mma(factors, panel2, sum2, MMAShape.M16N8K16);
      HalfFloat[] panel3 = c.mmaLoadB(weights, DEPTH, 3 * PANEL_BYTES);
      sum3 = c.mma(factors, panel3, sum3, MMAShape.M16N8K16);
      HalfFloat[] panel4 = c.mmaLoadB(weights, DEPTH, 4 * PANEL_BYTES);
      sum4 = c.mma(factors, panel4, sum4, MMAShape.M16N8K16);
      HalfFloat[] panel5 = c.mmaLoadB(weights, DEPTH, 5 * PANEL_BYTES);
      sum5 = c.mma(factors, panel5, sum5, MMAShape.M16N8K16);
      HalfFloat[] panel6 = c.mmaLoadB(weights, DEPTH, 6 * PANEL_BYTES);
      sum6 = c.mma(factors, panel6, sum6, MMAShape.M16N8K16);
      HalfFloat[] panel7 = c.mmaLoadB(weights, DEPTH, 7 * PANEL_BYTES);
      sum7 = c.mma(factors, panel7, sum7, MMAShape.M16N8K16);
      c.localBarrier();
    }
    int item = c.groupIdy * TILE + warp * WARP_ROWS;
    int row = c.groupIdx * TILE;
    if (item <= last) {
      c.mmaStore(sum0, y, item, row, outStride);
      if (row + PANEL < rows) {
        c.mmaStore(sum1, y, item, row + PANEL, outStride);
      }
      if (row + 2 * PANEL < rows) {
        c.mmaStore(sum2, y, item, row + 2 * PANEL, outStride);
      }
      if (row + 3 * PANEL < rows) {
        c.mmaStore(sum3, y, item, row + 3 * PANEL, outStride);
      }
      if (row + 4 * PANEL < rows) {
        c.mmaStore(sum4, y, item, row + 4 * PANEL, outStride);
      }
      if (row + 5 * PANEL < rows) {
        c.mmaStore(sum5, y, item, row + 5 * PANEL, outStride);
      }
      if (row + 6 * PANEL < rows) {
        c.mmaStore(sum6, y, item, row + 6 * PANEL, outStride);
      }
      if (row + 7 * PANEL < rows) {
        c.mmaStore(sum7, y, item, row + 7 * PANEL, outStride);
      }
    }
  }
}

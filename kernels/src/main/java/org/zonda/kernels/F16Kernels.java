package org.zonda.kernels;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Matrix kernels for F16 weights. The parameters, the grids and the flags are described at {@link
 * MatrixFlags}; the planes here:
 *
 * <p>{@code w} holds the values, row after row.
 *
 * <p>A row takes {@code 2 * columns} bytes of device memory, which is what {@code matvec} must read
 * for each output value, {@code gated} twice that; the inputs come from the cache. {@code matmul}
 * reads it once for each tile of pass rows. No share of the bandwidth has been measured yet.
 */
public final class F16Kernels {

  private F16Kernels() {}

  /**
   * {@code y[item] (=|+=) W x[input row] + bias}: {@code lanes} work-items go through an output row
   * side by side, neighbours reading neighbouring words, and add up in local memory.
   */
  public static void matvec(
      KernelContext c,
      IntArray pass,
      IntArray cursor,
      IntArray route,
      FloatArray x,
      HalfFloatArray w,
      FloatArray bias,
      FloatArray y,
      int slot,
      int perLayer,
      int rows,
      int columns,
      int inStride,
      int outStride,
      int flags,
      int lanes) {
    int row = Work.row(c, lanes);
    int item = c.groupIdy;
    boolean active = row < rows && item < Work.items(pass, flags);
    int matrixRow = 0;
    float sum = 0f;
    if (active) {
      matrixRow = Work.matrix(cursor, route, slot, perLayer, item, flags) * rows + row;
      int from = Work.inputRow(item, flags) * inStride;
      sum = dot(x, from, w, matrixRow, columns, Work.lane(c, lanes), lanes);
    }
    sum = LaneSum.reduce(c, sum, lanes);
    if (active && Work.lane(c, lanes) == 0) {
      Work.store(y, item * outStride + row, sum, bias, matrixRow, flags);
    }
  }

  /**
   * {@code y[item] = activation(G x + bias) * (U x + bias)}, as {@code matvec} computes each; a
   * matrix of the stack is the {@code rows} rows of G followed by those of U, and so is the bias.
   */
  public static void gated(
      KernelContext c,
      IntArray pass,
      IntArray cursor,
      IntArray route,
      FloatArray x,
      HalfFloatArray w,
      FloatArray bias,
      FloatArray y,
      int slot,
      int perLayer,
      int rows,
      int columns,
      int inStride,
      int outStride,
      int flags,
      int lanes) {
    int row = Work.row(c, lanes);
    int item = c.groupIdy;
    boolean active = row < rows && item < Work.items(pass, flags);
    int gateRow = 0;
    float gate = 0f;
    float up = 0f;
    if (active) {
      gateRow = Work.matrix(cursor, route, slot, perLayer, item, flags) * 2 * rows + row;
      int from = Work.inputRow(item, flags) * inStride;
      gate = dot(x, from, w, gateRow, columns, Work.lane(c, lanes), lanes);
      up = dot(x, from, w, gateRow + rows, columns, Work.lane(c, lanes), lanes);
    }
    gate = LaneSum.reduce(c, gate, lanes);
    up = LaneSum.reduce(c, up, lanes);
    if (active && Work.lane(c, lanes) == 0) {
      gate = Work.biased(gate, bias, gateRow, flags);
      up = Work.biased(up, bias, gateRow + rows, flags);
      y.set(item * outStride + row, Activations.apply(MatrixFlags.activationOf(flags), gate) * up);
    }
  }

  /** {@code y[row] (=|+=) W x[row] + bias} for all rows of the pass, by {@link Tiles}. */
  public static void matmul(
      KernelContext c,
      IntArray pass,
      IntArray cursor,
      IntArray route,
      FloatArray x,
      HalfFloatArray w,
      FloatArray bias,
      FloatArray y,
      int slot,
      int perLayer,
      int rows,
      int columns,
      int inStride,
      int outStride,
      int flags,
      int tile) {
    float[] ws = c.allocateFloatLocalArray(Tiles.DEPTH * (tile + 1));
    float[] xs = c.allocateFloatLocalArray(Tiles.DEPTH * (tile + 1));
    float[] sums = new float[Tiles.RESULTS];
    for (int n = 0; n < Tiles.RESULTS; n++) {
      sums[n] = 0f;
    }
    int firstRow = (cursor.get(0) + slot) * perLayer * rows;
    int depth = Tiles.depth(c, pass, columns, tile);
    for (int column = 0; column < depth; column = column + Tiles.DEPTH) {
      for (int i = c.localIdx; i < tile * Tiles.DEPTH; i = i + Tiles.groupSize(tile)) {
        int r = i / Tiles.DEPTH;
        int k = i % Tiles.DEPTH;
        xs[Tiles.place(k, r, tile)] =
            Tiles.input(c, pass, x, r, column + k, columns, inStride, tile);
        int weightColumn = column + k;
        if (weightColumn >= columns) {
          weightColumn = columns - 1;
        }
        int row = firstRow + Tiles.row(c, r, rows, tile);
        ws[Tiles.place(k, r, tile)] = element(w, row, columns, weightColumn);
      }
      c.localBarrier();
      for (int k = 0; k < Tiles.DEPTH; k++) {
        int weights = Tiles.place(k, Tiles.weightLane(c, tile), tile);
        int inputs = Tiles.place(k, Tiles.inputLane(c, tile), tile);
        for (int n = 0; n < Tiles.RESULTS; n++) {
          sums[n] =
              sums[n]
                  + ws[weights + (n % Tiles.SIDE) * (tile / Tiles.SIDE)]
                      * xs[inputs + (n / Tiles.SIDE) * (tile / Tiles.SIDE)];
        }
      }
      c.localBarrier();
    }
    for (int n = 0; n < Tiles.RESULTS; n++) {
      Tiles.store(c, pass, n, sums[n], bias, y, firstRow, rows, outStride, flags, tile);
    }
  }

  /**
   * {@code y[row] = a row of W}; one work-item a value. The grid has at least {@code columns} items
   * in x and R groups (of size 1) in y. {@code list} is where the pass has the numbers of the rows:
   * its list of tokens or of positions; {@link PassLayout#ROWS} for the first row of W always.
   */
  public static void embed(
      KernelContext c,
      IntArray pass,
      HalfFloatArray w,
      FloatArray y,
      int columns,
      int outStride,
      int list) {
    int k = c.globalIdx;
    int row = c.groupIdy;
    if (row < pass.get(PassLayout.ROWS) && k < columns) {
      int tableRow = Rows.inTable(pass, list, row);
      y.set(row * outStride + k, element(w, tableRow, columns, k));
    }
  }

  /** This lane's share of the product of a row with the input that begins at {@code from}. */
  private static float dot(
      FloatArray x, int from, HalfFloatArray w, int row, int columns, int lane, int lanes) {
    float sum = 0f;
    for (int k = lane; k < columns; k = k + lanes) {
      sum = sum + w.get(row * columns + k).getFloat32() * x.get(from + k);
    }
    return sum;
  }

  /** The value in the given row and column. */
  private static float element(HalfFloatArray w, int row, int columns, int k) {
    return w.get(row * columns + k).getFloat32();
  }
}

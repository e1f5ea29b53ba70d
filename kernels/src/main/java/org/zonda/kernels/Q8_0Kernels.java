package org.zonda.kernels;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.utils.QuantizationUtils;

/**
 * Matrix kernels for Q8_0 weights. The parameters, the grids and the flags are described at {@link
 * MatrixFlags}; the planes here:
 *
 * <p>A block is 32 columns: {@code q} holds its integers, four signed bytes a word, low byte first;
 * {@code d} its scale. value = d * integer.
 *
 * <p>A row takes {@code 34 * columns / 32} bytes of device memory, which is what {@code matvec}
 * must read for each output value, {@code gated} twice that; the inputs come from the cache. {@code
 * matmul} reads it once for each tile of pass rows. No share of the bandwidth has been measured
 * yet.
 */
public final class Q8_0Kernels {

  private Q8_0Kernels() {}

  /**
   * {@code y[item] (=|+=) W x[input row] + bias}: {@code lanes} work-items go through an output row
   * side by side, neighbours reading neighbouring words, and add up in local memory. Inputs come
   * from there too, see {@link Chunk}.
   */
  public static void matvec(
      KernelContext c,
      IntArray pass,
      IntArray cursor,
      IntArray route,
      FloatArray x,
      IntArray q,
      HalfFloatArray d,
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
    int depth = Work.depth(c, pass, columns, flags);
    int matrixRow = 0;
    int from = 0;
    if (depth > 0) {
      matrixRow = Work.matrix(cursor, route, slot, perLayer, item, flags) * rows;
      matrixRow = matrixRow + Work.within(row, rows);
      from = Work.inputRow(item, flags) * inStride;
    }
    float sum = dot(c, x, from, q, d, matrixRow, columns, depth, lanes);
    sum = LaneSum.reduce(c, sum, lanes);
    if (depth > 0 && row < rows && Work.lane(c, lanes) == 0) {
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
      IntArray q,
      HalfFloatArray d,
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
    int depth = Work.depth(c, pass, columns, flags);
    int gateRow = 0;
    int from = 0;
    if (depth > 0) {
      gateRow = Work.matrix(cursor, route, slot, perLayer, item, flags) * 2 * rows;
      gateRow = gateRow + Work.within(row, rows);
      from = Work.inputRow(item, flags) * inStride;
    }
    float gate = dot(c, x, from, q, d, gateRow, columns, depth, lanes);
    float up = dot(c, x, from, q, d, gateRow + rows, columns, depth, lanes);
    gate = LaneSum.reduce(c, gate, lanes);
    up = LaneSum.reduce(c, up, lanes);
    if (depth > 0 && row < rows && Work.lane(c, lanes) == 0) {
      gate = Work.biased(gate, bias, gateRow, flags);
      up = Work.biased(up, bias, gateRow + rows, flags);
      y.set(item * outStride + row, Activations.apply(MatrixFlags.activationOf(flags), gate) * up);
    }
  }

  /**
   * {@code matvec} with inputs of {@link Int8Input}, in the order {@link Int8Input#IN_TURN}: a warp
   * an output row, four products an instruction. Backends CUDA and PTX only. Group sizes are
   * multiples of 32; the grid is that of {@code matvec} with 32 lanes. Compiled, but never run on a
   * GPU.
   */
  public static void matvecInt8(
      KernelContext c,
      IntArray pass,
      IntArray cursor,
      IntArray route,
      IntArray xq,
      FloatArray xd,
      IntArray q,
      HalfFloatArray d,
      FloatArray bias,
      FloatArray y,
      int slot,
      int perLayer,
      int rows,
      int columns,
      int outStride,
      int flags) {
    int row = Work.row(c, Warp.SIZE);
    int item = c.groupIdy;
    boolean active = row < rows && item < Work.items(pass, flags);
    int matrixRow = 0;
    float sum = 0f;
    if (active) {
      matrixRow = Work.matrix(cursor, route, slot, perLayer, item, flags) * rows + row;
      int input = Work.inputRow(item, flags);
      sum = dot(xq, xd, input, q, d, matrixRow, columns, Work.lane(c, Warp.SIZE));
    }
    sum = Warp.sum(c, sum);
    if (active && Work.lane(c, Warp.SIZE) == 0) {
      Work.store(y, item * outStride + row, sum, bias, matrixRow, flags);
    }
  }

  /** {@code gated} with inputs of {@link Int8Input}, as {@link #matvecInt8}. */
  public static void gatedInt8(
      KernelContext c,
      IntArray pass,
      IntArray cursor,
      IntArray route,
      IntArray xq,
      FloatArray xd,
      IntArray q,
      HalfFloatArray d,
      FloatArray bias,
      FloatArray y,
      int slot,
      int perLayer,
      int rows,
      int columns,
      int outStride,
      int flags) {
    int row = Work.row(c, Warp.SIZE);
    int item = c.groupIdy;
    boolean active = row < rows && item < Work.items(pass, flags);
    int gateRow = 0;
    float gate = 0f;
    float up = 0f;
    if (active) {
      gateRow = Work.matrix(cursor, route, slot, perLayer, item, flags) * 2 * rows + row;
      int input = Work.inputRow(item, flags);
      gate = dot(xq, xd, input, q, d, gateRow, columns, Work.lane(c, Warp.SIZE));
      up = dot(xq, xd, input, q, d, gateRow + rows, columns, Work.lane(c, Warp.SIZE));
    }
    gate = Warp.sum(c, gate);
    up = Warp.sum(c, up);
    if (active && Work.lane(c, Warp.SIZE) == 0) {
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
      IntArray q,
      HalfFloatArray d,
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
      }
      for (int i = c.localIdx; i < tile * 8; i = i + Tiles.groupSize(tile)) {
        int r = i / 8;
        int k = i % 8;
        int row = firstRow + Tiles.row(c, r, rows, tile);
        int at = row * (columns / 4) + column / 4 + k;
        int word = q.get(at);
        float scale = d.get(at / 8).getFloat32();
        for (int n = 0; n < 4; n++) {
          ws[Tiles.place(4 * k + n, r, tile)] = scale * integer(word, n);
        }
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
      IntArray q,
      HalfFloatArray d,
      FloatArray y,
      int columns,
      int outStride,
      int list) {
    int k = c.globalIdx;
    int row = c.groupIdy;
    if (row < pass.get(PassLayout.ROWS) && k < columns) {
      int tableRow = Rows.inTable(pass, list, row);
      y.set(row * outStride + k, element(q, d, tableRow, columns, k));
    }
  }

  /**
   * This lane's share of the product of a row with the input that begins at {@code from}, of which
   * {@code depth} columns are gone through: all or none. Has barriers: the whole group comes here.
   */
  private static float dot(
      KernelContext c,
      FloatArray x,
      int from,
      IntArray q,
      HalfFloatArray d,
      int row,
      int columns,
      int depth,
      int lanes) {
    float[] xs = c.allocateFloatLocalArray(Chunk.SIZE);
    float sum = 0f;
    for (int first = 0; first < depth; first = first + Chunk.COLUMNS) {
      int width = Chunk.width(first, columns);
      for (int k = c.localIdx; k < width; k = k + c.localGroupSizeX) {
        xs[Chunk.place(k, 4)] = x.get(from + first + k);
      }
      c.localBarrier();
      for (int i = Work.lane(c, lanes); i < width / 4; i = i + lanes) {
        int at = row * (columns / 4) + first / 4 + i;
        int word = q.get(at);
        float part = 0f;
        for (int n = 0; n < 4; n++) {
          part = part + integer(word, n) * xs[n * Chunk.stride(4) + i];
        }
        sum = sum + part * d.get(at / 8).getFloat32();
      }
      c.localBarrier();
    }
    return sum;
  }

  /** The same with rounded inputs: row {@code item} of them. */
  private static float dot(
      IntArray xq,
      FloatArray xd,
      int item,
      IntArray q,
      HalfFloatArray d,
      int row,
      int columns,
      int lane) {
    int words = columns / 4;
    float sum = 0f;
    for (int i = lane; i < words; i = i + Warp.SIZE) {
      int word = row * words + i;
      int at = item * words + i;
      int part = QuantizationUtils.dp4a_packed(q.get(word), xq.get(at), 0);
      sum = sum + part * (d.get(word / 8).getFloat32() * xd.get(at / 8));
    }
    return sum;
  }

  /** The value in the given row and column. */
  private static float element(IntArray q, HalfFloatArray d, int row, int columns, int k) {
    int word = row * (columns / 4) + k / 4;
    return d.get(word / 8).getFloat32() * integer(q.get(word), k % 4);
  }

  /** Integer n of a word: the sign is undone as an offset, since shifts that extend it go wrong. */
  private static float integer(int word, int n) {
    return (((word >> (8 * n)) & 255) ^ 128) - 128f;
  }
}

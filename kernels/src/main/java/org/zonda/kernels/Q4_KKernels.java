package org.zonda.kernels;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.utils.QuantizationUtils;

/**
 * Matrix kernels for Q4_K weights. The parameters, the grids and the flags are described at {@link
 * MatrixFlags}; the planes here:
 *
 * <p>A block is 256 columns, 8 parts of 32. {@code q} holds its integers, nibble n of word i being
 * that of column 8 * i + n; {@code s} has 3 words a block with the scales f0 to f7 and the minima
 * f8 to f15 of the parts, six bits each: the low four as nibbles of the first two words, the high
 * two in the third; {@code d} has the scale of the scales and that of the minima. value = d * scale
 * * nibble - dmin * minimum.
 *
 * <p>A row takes {@code 144 * columns / 256} bytes of device memory, which is what {@code matvec}
 * must read for each output value, {@code gated} twice that; the inputs come from the cache. {@code
 * matmul} reads it once for each tile of pass rows. No share of the bandwidth has been measured
 * yet.
 */
public final class Q4_KKernels {

  private Q4_KKernels() {}

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
      IntArray s,
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
    float sum = dot(c, x, from, q, s, d, matrixRow, columns, depth, lanes);
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
      IntArray s,
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
    float gate = dot(c, x, from, q, s, d, gateRow, columns, depth, lanes);
    float up = dot(c, x, from, q, s, d, gateRow + rows, columns, depth, lanes);
    gate = LaneSum.reduce(c, gate, lanes);
    up = LaneSum.reduce(c, up, lanes);
    if (depth > 0 && row < rows && Work.lane(c, lanes) == 0) {
      gate = Work.biased(gate, bias, gateRow, flags);
      up = Work.biased(up, bias, gateRow + rows, flags);
      y.set(item * outStride + row, Activations.apply(MatrixFlags.activationOf(flags), gate) * up);
    }
  }

  /**
   * {@code matvec} with inputs of {@link Int8Input}, in the order {@link Int8Input#EVEN_ODD}: a
   * warp an output row, four products an instruction. Backends CUDA and PTX only. Group sizes are
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
      IntArray s,
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
      sum = dot(xq, xd, input, q, s, d, matrixRow, columns, Work.lane(c, Warp.SIZE));
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
      IntArray s,
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
      gate = dot(xq, xd, input, q, s, d, gateRow, columns, Work.lane(c, Warp.SIZE));
      up = dot(xq, xd, input, q, s, d, gateRow + rows, columns, Work.lane(c, Warp.SIZE));
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
      IntArray s,
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
      for (int i = c.localIdx; i < tile * 4; i = i + Tiles.groupSize(tile)) {
        int r = i / 4;
        int k = i % 4;
        int row = firstRow + Tiles.row(c, r, rows, tile);
        int at = row * (columns / 8) + column / 8 + k;
        int word = q.get(at);
        float scale = scale(s, d, at);
        float minimum = minimum(s, d, at);
        for (int n = 0; n < 8; n++) {
          ws[Tiles.place(8 * k + n, r, tile)] = scale * integer(word, n) - minimum;
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
      IntArray s,
      HalfFloatArray d,
      FloatArray y,
      int columns,
      int outStride,
      int list) {
    int k = c.globalIdx;
    int row = c.groupIdy;
    if (row < pass.get(PassLayout.ROWS) && k < columns) {
      int tableRow = Rows.inTable(pass, list, row);
      y.set(row * outStride + k, element(q, s, d, tableRow, columns, k));
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
      IntArray s,
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
        xs[Chunk.place(k, 8)] = x.get(from + first + k);
      }
      c.localBarrier();
      for (int i = Work.lane(c, lanes); i < width / 8; i = i + lanes) {
        int at = row * (columns / 8) + first / 8 + i;
        int word = q.get(at);
        float part = 0f;
        float inputs = 0f;
        for (int n = 0; n < 8; n++) {
          float input = xs[n * Chunk.stride(8) + i];
          part = part + integer(word, n) * input;
          inputs = inputs + input;
        }
        sum = sum + scale(s, d, at) * part - minimum(s, d, at) * inputs;
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
      IntArray s,
      HalfFloatArray d,
      int row,
      int columns,
      int lane) {
    int words = columns / 8;
    float sum = 0f;
    for (int i = lane; i < words; i = i + Warp.SIZE) {
      int word = row * words + i;
      int at = item * words + i;
      int nibbles = q.get(word);
      int evens = xq.get(2 * at);
      int odds = xq.get(2 * at + 1);
      int part = QuantizationUtils.dp4a_packed(nibbles & 0x0f0f0f0f, evens, 0);
      part = QuantizationUtils.dp4a_packed((nibbles >> 4) & 0x0f0f0f0f, odds, part);
      int inputs = QuantizationUtils.dp4a_packed(0x01010101, evens, 0);
      inputs = QuantizationUtils.dp4a_packed(0x01010101, odds, inputs);
      sum = sum + xd.get(at / 4) * (scale(s, d, word) * part - minimum(s, d, word) * inputs);
    }
    return sum;
  }

  /** The value in the given row and column. */
  private static float element(
      IntArray q, IntArray s, HalfFloatArray d, int row, int columns, int k) {
    int word = row * (columns / 8) + k / 8;
    return scale(s, d, word) * integer(q.get(word), k % 8) - minimum(s, d, word);
  }

  /** Integer n of a word. */
  private static float integer(int word, int n) {
    return (word >> (4 * n)) & 15;
  }

  /** What the integers of a word of {@code q} are multiplied with. */
  private static float scale(IntArray s, HalfFloatArray d, int word) {
    int block = word / 32;
    int part = (word % 32) / 4;
    int low = (s.get(3 * block) >> (4 * part)) & 15;
    int high = (s.get(3 * block + 2) >> (2 * part)) & 3;
    return d.get(2 * block).getFloat32() * (low + 16 * high);
  }

  /** What is then subtracted from each. */
  private static float minimum(IntArray s, HalfFloatArray d, int word) {
    int block = word / 32;
    int part = (word % 32) / 4;
    int low = (s.get(3 * block + 1) >> (4 * part)) & 15;
    int high = (s.get(3 * block + 2) >> (2 * part + 16)) & 3;
    return d.get(2 * block + 1).getFloat32() * (low + 16 * high);
  }
}

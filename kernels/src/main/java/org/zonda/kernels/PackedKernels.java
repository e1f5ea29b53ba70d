package org.zonda.kernels;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Matrix kernels for the formats that have none of their own: {@code layout}, one of {@link
 * PackedLayout}, says which it is and what the planes {@code low}, {@code high}, {@code s} and
 * {@code d} hold; where a format lacks one, that is any array. The other parameters, the grids and
 * the flags are described at {@link MatrixFlags}.
 *
 * <p>A row takes as many bytes of device memory as in the file, which is what {@code matvec} must
 * read for each output value, {@code gated} twice that; the inputs come from the cache. {@code
 * matmul} reads it once for each tile of pass rows. No share of the bandwidth has been measured
 * yet.
 */
public final class PackedKernels {

  private PackedKernels() {}

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
      IntArray low,
      IntArray high,
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
      int lanes,
      int layout) {
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
    float sum = dot(c, x, from, low, high, s, d, matrixRow, columns, depth, lanes, layout);
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
      IntArray low,
      IntArray high,
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
      int lanes,
      int layout) {
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
    float gate = dot(c, x, from, low, high, s, d, gateRow, columns, depth, lanes, layout);
    float up = dot(c, x, from, low, high, s, d, gateRow + rows, columns, depth, lanes, layout);
    gate = LaneSum.reduce(c, gate, lanes);
    up = LaneSum.reduce(c, up, lanes);
    if (depth > 0 && row < rows && Work.lane(c, lanes) == 0) {
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
      IntArray low,
      IntArray high,
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
      int tile,
      int layout) {
    float[] ws = c.allocateFloatLocalArray(Tiles.DEPTH * (tile + 1));
    float[] xs = c.allocateFloatLocalArray(Tiles.DEPTH * (tile + 1));
    float[] sums = new float[Tiles.RESULTS];
    for (int n = 0; n < Tiles.RESULTS; n++) {
      sums[n] = 0f;
    }
    int perWord = PackedLayout.perWord(layout);
    int words = Tiles.DEPTH >> perWord;
    int firstRow = (cursor.get(0) + slot) * perLayer * rows;
    int depth = Tiles.depth(c, pass, columns, tile);
    for (int column = 0; column < depth; column = column + Tiles.DEPTH) {
      for (int i = c.localIdx; i < tile * Tiles.DEPTH; i = i + Tiles.groupSize(tile)) {
        int r = i / Tiles.DEPTH;
        int k = i % Tiles.DEPTH;
        xs[Tiles.place(k, r, tile)] =
            Tiles.input(c, pass, x, r, column + k, columns, inStride, tile);
      }
      for (int i = c.localIdx; i < tile * words; i = i + Tiles.groupSize(tile)) {
        int r = i / words;
        int k = i % words;
        int row = firstRow + Tiles.row(c, r, rows, tile);
        int at = row * (columns >> perWord) + (column >> perWord) + k;
        int lows = low.get(at);
        int highs = PackedLayout.highs(layout, high, at);
        float scale = PackedLayout.factor(layout, s, d, at, 0);
        float minimum = 0f;
        if ((layout & PackedLayout.MINIMUM) != 0) {
          minimum = PackedLayout.factor(layout, s, d, at, 1);
        }
        for (int n = 0; n < 1 << perWord; n++) {
          ws[Tiles.place((k << perWord) + n, r, tile)] =
              scale * PackedLayout.number(layout, lows, highs, n) + minimum;
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
      IntArray low,
      IntArray high,
      IntArray s,
      HalfFloatArray d,
      FloatArray y,
      int columns,
      int outStride,
      int list,
      int layout) {
    int k = c.globalIdx;
    int row = c.groupIdy;
    if (row < pass.get(PassLayout.ROWS) && k < columns) {
      int tableRow = Rows.inTable(pass, list, row);
      y.set(row * outStride + k, element(low, high, s, d, tableRow, columns, k, layout));
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
      IntArray low,
      IntArray high,
      IntArray s,
      HalfFloatArray d,
      int row,
      int columns,
      int depth,
      int lanes,
      int layout) {
    int perWord = PackedLayout.perWord(layout);
    int stride = Chunk.SIZE >> perWord;
    float[] xs = c.allocateFloatLocalArray(Chunk.SIZE);
    float sum = 0f;
    for (int first = 0; first < depth; first = first + Chunk.COLUMNS) {
      int width = Chunk.width(first, columns);
      for (int k = c.localIdx; k < width; k = k + c.localGroupSizeX) {
        xs[(k & ((1 << perWord) - 1)) * stride + (k >> perWord)] = x.get(from + first + k);
      }
      c.localBarrier();
      for (int i = Work.lane(c, lanes); i < width >> perWord; i = i + lanes) {
        int at = row * (columns >> perWord) + (first >> perWord) + i;
        int lows = low.get(at);
        int highs = PackedLayout.highs(layout, high, at);
        float part = 0f;
        float inputs = 0f;
        for (int n = 0; n < 1 << perWord; n++) {
          float input = xs[n * stride + i];
          part = part + PackedLayout.number(layout, lows, highs, n) * input;
          inputs = inputs + input;
        }
        // In turn, so that TornadoVM, which refuses long helpers, has one such call to inline.
        for (int which = 0; which < PackedLayout.factors(layout); which++) {
          float factor = PackedLayout.factor(layout, s, d, at, which);
          if (which == 0) {
            sum = sum + factor * part;
          }
          if (which == 1) {
            sum = sum + factor * inputs;
          }
        }
      }
      c.localBarrier();
    }
    return sum;
  }

  /** The value in the given row and column. */
  private static float element(
      IntArray low,
      IntArray high,
      IntArray s,
      HalfFloatArray d,
      int row,
      int columns,
      int k,
      int layout) {
    int perWord = PackedLayout.perWord(layout);
    int at = row * (columns >> perWord) + (k >> perWord);
    int highs = PackedLayout.highs(layout, high, at);
    int n = k & ((1 << perWord) - 1);
    float value =
        PackedLayout.factor(layout, s, d, at, 0)
            * PackedLayout.number(layout, low.get(at), highs, n);
    if ((layout & PackedLayout.MINIMUM) != 0) {
      value = value + PackedLayout.factor(layout, s, d, at, 1);
    }
    return value;
  }
}

package org.zonda.kernels;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Inputs rounded to eight bits, for the {@code matvecInt8} kernels: blocks of 32 values, each a
 * signed byte of -127 to 127 times the scale of the block, which is a 127th of the block's greatest
 * magnitude. A value is off by at most half a scale. This is what the weights' own formats do, and
 * what makes dot products of four pairs an instruction possible; it is not what the model says, so
 * it is for a caller to ask for.
 */
public final class Int8Input {

  /** Word i of a row holds values 4 * i to 4 * i + 3, low byte first; for Q8_0. */
  public static final int IN_TURN = 0;

  /**
   * Of eight values in turn, the first word has those with even, the second those with odd place:
   * the order in which a word of nibbles comes apart; for Q4_0, Q4_K and Q6_K.
   */
  public static final int EVEN_ODD = 1;

  /** Work-items that share an output row in the kernels that read this: a warp. */
  public static final int LANES = Warp.SIZE;

  private static final int BLOCK = 32;
  private static final int WORDS = 8;

  private Int8Input() {}

  /**
   * Rounds the rows of x. Grid: groups of at most {@link LaneSum#GROUP} items, a multiple of 8, in
   * x, at least {@code width / 4} items in all; as many groups (of size 1) in y as there are rows.
   * Reads {@code 4 * width} bytes a row, writes {@code 9 * width / 8}.
   *
   * @param pass {@code pass[ROWS]} is R
   * @param x rows of {@code width} floats, the next {@code stride} further on
   * @param q {@code width / 4} words a row
   * @param d {@code width / 32} scales a row
   * @param width a multiple of 32
   * @param perRow rows of x for each row of the pass: 1, or the experts a token uses
   * @param order {@link #IN_TURN} or {@link #EVEN_ODD}
   */
  public static void quantise(
      KernelContext c,
      IntArray pass,
      FloatArray x,
      IntArray q,
      FloatArray d,
      int width,
      int stride,
      int perRow,
      int order) {
    float[] most = c.allocateFloatLocalArray(LaneSum.GROUP);
    int item = c.localIdx;
    int word = c.globalIdx;
    int row = c.groupIdy;
    boolean active = word < width / 4 && row < pass.get(PassLayout.ROWS) * perRow;
    int first = 4 * word;
    int step = 1;
    if (order == EVEN_ODD) {
      first = word / 2 * 8 + word % 2;
      step = 2;
    }
    float v0 = 0f;
    float v1 = 0f;
    float v2 = 0f;
    float v3 = 0f;
    if (active) {
      int at = row * stride + first;
      v0 = x.get(at);
      v1 = x.get(at + step);
      v2 = x.get(at + 2 * step);
      v3 = x.get(at + 3 * step);
    }
    most[item] =
        TornadoMath.max(
            TornadoMath.max(TornadoMath.abs(v0), TornadoMath.abs(v1)),
            TornadoMath.max(TornadoMath.abs(v2), TornadoMath.abs(v3)));
    for (int half = WORDS / 2; half > 0; half = half / 2) {
      c.localBarrier();
      if ((item & (WORDS - 1)) < half) {
        most[item] = TornadoMath.max(most[item], most[item + half]);
      }
    }
    c.localBarrier();
    float greatest = most[item - (item & (WORDS - 1))];
    float inverse = 0f;
    if (greatest > 0f) {
      inverse = 127f / greatest;
    }
    if (active) {
      q.set(
          row * (width / 4) + word,
          rounded(v0 * inverse)
              | (rounded(v1 * inverse) << 8)
              | (rounded(v2 * inverse) << 16)
              | (rounded(v3 * inverse) << 24));
      if ((word & (WORDS - 1)) == 0) {
        d.set(row * (width / BLOCK) + word / WORDS, greatest / 127f);
      }
    }
  }

  /** The nearest integer as a byte. */
  private static int rounded(float value) {
    return ((int) TornadoMath.floor(value + 0.5f)) & 255;
  }
}

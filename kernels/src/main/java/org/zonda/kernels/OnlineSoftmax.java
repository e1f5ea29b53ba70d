package org.zonda.kernels;

import uk.ac.manchester.tornado.api.math.TornadoMath;

/**
 * The softmax of rows of scores in local memory that come block by block, as far as the attention
 * kernels share it. The columns of a row are dealt out to {@link #PARTS} parts; a part belongs to
 * the same work-item throughout, which keeps the row's largest score (every part its own copy of
 * it) and the part's sum of weights. Between the steps the caller has barriers.
 */
final class OnlineSoftmax {

  /** Parts of a row. */
  static final int PARTS = 16;

  private OnlineSoftmax() {}

  /** Floats of local memory for the given number of rows, the scores apart. */
  static int floats(int rows) {
    return rows * (3 * PARTS + 1);
  }

  /** Before the first block. */
  static void start(float[] largest, float[] totals, int rows, int item, int items) {
    for (int i = item; i < rows * PARTS; i += items) {
      largest[i] = AttentionKernels.MASKED;
      totals[i] = 0f;
    }
  }

  /** The largest score of each part. */
  static void partialMaxima(
      float[] scores, float[] partial, int rows, int columns, int item, int items) {
    for (int i = item; i < rows * PARTS; i += items) {
      int at = i / PARTS * columns;
      float max = AttentionKernels.MASKED;
      for (int column = i % PARTS; column < columns; column += PARTS) {
        max = TornadoMath.max(max, scores[at + column]);
      }
      partial[i] = max;
    }
  }

  /**
   * Turns scores into weights relative to the largest so far, adds them up, and says by how much
   * what was added up before is too large now.
   */
  static void weigh(
      float[] scores,
      float[] partial,
      float[] largest,
      float[] totals,
      float[] shrink,
      int rows,
      int columns,
      int item,
      int items) {
    for (int i = item; i < rows * PARTS; i += items) {
      int row = i / PARTS;
      float max = largest[i];
      for (int part = 0; part < PARTS; part++) {
        max = TornadoMath.max(max, partial[row * PARTS + part]);
      }
      float factor = TornadoMath.exp(largest[i] - max);
      float total = totals[i] * factor;
      for (int column = i % PARTS; column < columns; column += PARTS) {
        float score = scores[row * columns + column];
        float weight = 0f;
        // Before a row has seen anything its largest score is MASKED too, so 0 must be said.
        if (score > AttentionKernels.MASKED) {
          weight = TornadoMath.exp(score - max);
        }
        total += weight;
        scores[row * columns + column] = weight;
      }
      largest[i] = max;
      totals[i] = total;
      if (i % PARTS == 0) {
        shrink[row] = factor;
      }
    }
  }

  /** The sum of a row's weights. */
  static float total(float[] totals, int row) {
    float total = 0f;
    for (int part = 0; part < PARTS; part++) {
      total += totals[row * PARTS + part];
    }
    return total;
  }
}

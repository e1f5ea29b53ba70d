package org.zonda.kernels;

import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** What the attention kernels share of the definition of a score, and of the softmax's layout. */
final class AttentionScore {

  /**
   * Parts into which the softmax deals out a vector's scores. A part belongs to the same work-item
   * throughout, which keeps the vector's largest score (each part its own copy of it) and the
   * part's sum of weights.
   */
  static final int PARTS = 16;

  private AttentionScore() {}

  /** The first position that a row at a position sees. */
  static int firstVisible(int position, int window) {
    int first = 0;
    if (window > 0) {
      first = TornadoMath.max(position - window + 1, 0);
    }
    return first;
  }

  /** The position after the last that a row at a position sees. */
  static int end(IntArray pass, int capacity, int row, int position, boolean all) {
    int end = position + 1;
    if (all) {
      end = pass.get(PassLayout.ends(capacity) + row);
    }
    return end;
  }

  /** A score within its bounds; 0 sets none. */
  static float capped(float score, float softCap) {
    float capped = score;
    if (softCap > 0f) {
      capped = softCap * TornadoMath.tanh(score / softCap);
    }
    return capped;
  }
}

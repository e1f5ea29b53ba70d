package org.zonda.kernels;

import uk.ac.manchester.tornado.api.math.TornadoMath;

/** What the attention kernels share of the definition of a score. */
final class AttentionScore {

  private AttentionScore() {}

  /** The first position that a row at a position sees. */
  static int firstVisible(int position, int window) {
    int first = 0;
    if (window > 0) {
      first = TornadoMath.max(position - window + 1, 0);
    }
    return first;
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

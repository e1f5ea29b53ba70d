package org.zonda.kernels;

import uk.ac.manchester.tornado.api.KernelContext;

/** The sum over the lanes that share an output row, as a tree in local memory. */
final class LaneSum {

  /** Most work-items of a group, and the floats of the local array that {@link #reduce} needs. */
  static final int GROUP = 256;

  private LaneSum() {}

  /**
   * Sums {@code value} over each run of {@code lanes} neighbouring items of the group. Has
   * barriers: every item of the group must come here. The result is valid in the first item of each
   * run. A local array can serve one sum of a kernel only.
   */
  static float reduce(KernelContext c, float[] sums, float value, int lanes) {
    int item = c.localIdx;
    int lane = item & (lanes - 1);
    sums[item] = value;
    for (int half = lanes / 2; half > 0; half = half / 2) {
      c.localBarrier();
      if (lane < half) {
        sums[item] = sums[item] + sums[item + half];
      }
    }
    return sums[item];
  }
}

package org.zonda.kernels;

import uk.ac.manchester.tornado.api.KernelContext;

/** The sum over the lanes that share an output row, as a tree in local memory. */
public final class LaneSum {

  /** Most work-items of a group. */
  public static final int GROUP = 256;

  private LaneSum() {}

  /**
   * Sums {@code value} over each run of {@code lanes} neighbouring items (a power of two) of a
   * group of at most {@link #GROUP} items, halves onto halves, so that the order never changes. Has
   * barriers: every item of the group must come here. The result is valid in the first item of each
   * run. Takes {@code 4 * GROUP} bytes of local memory at each place where it is called; the array
   * is made here because TornadoVM 5.2 addresses one that was passed as an argument wrongly.
   */
  public static float reduce(KernelContext c, float value, int lanes) {
    float[] sums = c.allocateFloatLocalArray(GROUP);
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

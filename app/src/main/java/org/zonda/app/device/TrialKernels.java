package org.zonda.app.device;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** What {@link DeviceTrial} runs: small, and yet all that Zonda's kernels rest on. */
final class TrialKernels {

  private TrialKernels() {}

  /**
   * The sum of each group's values, as a tree in local memory. Needs barriers that work.
   *
   * @param context ids
   * @param x one value a work-item
   * @param sums one sum a group
   * @param group work-items of a group, a power of two
   */
  static void sum(KernelContext context, FloatArray x, FloatArray sums, int group) {
    float[] partial = context.allocateFloatLocalArray(DeviceTrial.GROUP);
    int item = context.localIdx;
    partial[item] = x.get(context.globalIdx);
    for (int stride = group / 2; stride > 0; stride = stride / 2) {
      context.localBarrier();
      if (item < stride) {
        partial[item] = partial[item] + partial[item + stride];
      }
    }
    if (item == 0) {
      sums.set(context.groupIdx, partial[0]);
    }
  }

  /**
   * Four-bit numbers times half floats, as in quantised weights.
   *
   * @param context ids
   * @param packed eight numbers a word, the low bits first
   * @param scales one a word
   * @param y one result a number
   */
  static void unpack(KernelContext context, IntArray packed, HalfFloatArray scales, FloatArray y) {
    int i = context.globalIdx;
    int word = packed.get(i / 8);
    float nibble = (word >> (4 * (i % 8))) & 15;
    y.set(i, scales.get(i / 8).getFloat32() * (nibble - 8f));
  }
}

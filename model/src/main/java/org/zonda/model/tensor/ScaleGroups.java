package org.zonda.model.tensor;

/**
 * Encodes a block of groups that have a scale each, stored as a small integer in units of a
 * half-precision number of the block.
 *
 * @param groups how many
 * @param size elements of each
 * @param levels what the numbers of the elements stand for
 * @param leastBits the least integer that stores a scale; the most is one less than its opposite
 */
record ScaleGroups(int groups, int size, Levels levels, int leastBits) {

  /** Fills the workspace's numbers and scale bits, and the half. */
  void encode(float[] x, int first, Workspace workspace) {
    ScaleFit fit = workspace.fit;
    for (int g = 0; g < groups; g++) {
      fit.fit(x, first + g * size, size, levels);
      workspace.scales[g] = fit.scale();
    }
    workspace.scale = Rounding.half(Extremes.farthest(workspace.scales, 0, groups) / leastBits);
    float d = Float.float16ToFloat(workspace.scale);
    for (int g = 0; g < groups; g++) {
      int bits = d == 0 ? 0 : Rounding.clamped(workspace.scales[g] / d, leastBits, -leastBits - 1);
      workspace.scaleBits[g] = bits;
      float step = d * bits;
      float inverse = step == 0 ? 0 : 1 / step;
      for (int i = g * size; i < (g + 1) * size; i++) {
        workspace.numbers[i] = (byte) levels.nearest(x[first + i] * inverse);
      }
    }
  }
}

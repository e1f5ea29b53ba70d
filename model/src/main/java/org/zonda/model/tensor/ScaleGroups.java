package org.zonda.model.tensor;

/**
 * Encodes a block of groups that have a scale each, stored as a small integer in units of a
 * half-precision number of the block.
 *
 * <p>Each group takes the scale that {@link ScaleFit} finds for it. The one of the largest
 * magnitude makes the unit, so that it is stored as the least integer; of the integer next to a
 * group's scale in this unit, and its neighbours, it stores the one with the least squared error.
 *
 * @param groups how many
 * @param size elements of each
 * @param levels what the numbers of the elements stand for
 * @param leastBits the least integer that stores a scale; the most is one less than its opposite
 */
record ScaleGroups(int groups, int size, Levels levels, int leastBits) {

  /** Fills the workspace's numbers, stored scales, and their unit. */
  void encode(float[] x, int first, Workspace workspace) {
    ScaleFit fit = workspace.scale;
    float[] scales = workspace.scales;
    for (int g = 0; g < groups; g++) {
      fit.fit(x, first + g * size, size, levels);
      scales[g] = fit.scale();
    }
    workspace.scaleUnit = Float.floatToFloat16(Extremes.farthest(scales, 0, groups) / leastBits);
    float d = Float.float16ToFloat(workspace.scaleUnit);
    for (int g = 0; g < groups; g++) {
      int bits = choose(x, first + g * size, d, (int) Math.rint(scales[g] * Rounding.inverse(d)));
      workspace.scaleBits[g] = bits;
      float inverse = Rounding.inverse(d * bits);
      for (int i = g * size; i < (g + 1) * size; i++) {
        workspace.numbers[i] = (byte) levels.nearestCode(x[first + i] * inverse);
      }
    }
  }

  /** The best among an integer and its neighbours. */
  private int choose(float[] x, int from, float d, int scale) {
    int near = Math.clamp(scale, leastBits, -leastBits - 1);
    int best = near;
    double least = Double.POSITIVE_INFINITY;
    for (int s = Math.max(leastBits, near - 1); s <= Math.min(-leastBits - 1, near + 1); s++) {
      double error = error(x, from, d * s);
      if (error < least) {
        least = error;
        best = s;
      }
    }
    return best;
  }

  private double error(float[] x, int from, float step) {
    float inverse = Rounding.inverse(step);
    double error = 0;
    for (int i = from; i < from + size; i++) {
      double difference = step * levels.nearest(x[i] * inverse) - x[i];
      error += difference * difference;
    }
    return error;
  }
}

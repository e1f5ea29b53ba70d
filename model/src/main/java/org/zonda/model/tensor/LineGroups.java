package org.zonda.model.tensor;

/**
 * Encodes a block of groups that have a scale and a minimum each, both stored as small integers in
 * units of a half-precision number of the block.
 *
 * <p>Each group takes the line that {@link LineFit} finds for it. The largest scale and the largest
 * minimum make the two units; of the integers next to a group's scale and minimum in these, and
 * their neighbours, it stores the pair with the least squared error.
 *
 * @param groups how many
 * @param size elements of each
 * @param most the largest number of an element
 * @param mostBits the largest integer that stores a scale or minimum
 */
record LineGroups(int groups, int size, int most, int mostBits) {

  /** Fills the workspace's numbers, stored scales and minimums, and their units. */
  void encode(float[] x, int first, Workspace workspace) {
    LineFit line = workspace.line;
    float[] scales = workspace.scales;
    float[] minimums = workspace.minimums;
    for (int g = 0; g < groups; g++) {
      line.fit(x, first + g * size, size, most);
      scales[g] = line.scale();
      minimums[g] = line.minimum();
    }
    workspace.scaleUnit = Float.floatToFloat16(Extremes.greatest(scales, 0, groups) / mostBits);
    workspace.minimumUnit = Float.floatToFloat16(Extremes.greatest(minimums, 0, groups) / mostBits);
    float d = Float.float16ToFloat(workspace.scaleUnit);
    float dmin = Float.float16ToFloat(workspace.minimumUnit);
    for (int g = 0; g < groups; g++) {
      int scale = Rounding.clamped(scales[g] * Rounding.inverse(d), mostBits);
      int minimum = Rounding.clamped(minimums[g] * Rounding.inverse(dmin), mostBits);
      choose(x, first + g * size, d, dmin, scale, minimum, g, workspace);
      round(x, first, g, d * workspace.scaleBits[g], dmin * workspace.minimumBits[g], workspace);
    }
  }

  /** Notes the best pair among a scale and a minimum and their neighbours. */
  private void choose(
      float[] x,
      int from,
      float d,
      float dmin,
      int scale,
      int minimum,
      int group,
      Workspace workspace) {
    double least = Double.POSITIVE_INFINITY;
    for (int s = Math.max(0, scale - 1); s <= Math.min(mostBits, scale + 1); s++) {
      for (int m = Math.max(0, minimum - 1); m <= Math.min(mostBits, minimum + 1); m++) {
        double error = error(x, from, d * s, dmin * m);
        if (error < least) {
          least = error;
          workspace.scaleBits[group] = s;
          workspace.minimumBits[group] = m;
        }
      }
    }
  }

  private double error(float[] x, int from, float step, float minimum) {
    float inverse = Rounding.inverse(step);
    double error = 0;
    for (int i = from; i < from + size; i++) {
      float shifted = x[i] + minimum;
      double difference = step * Rounding.clamped(shifted * inverse, most) - shifted;
      error += difference * difference;
    }
    return error;
  }

  private void round(
      float[] x, int first, int group, float step, float minimum, Workspace workspace) {
    float inverse = Rounding.inverse(step);
    for (int i = group * size; i < (group + 1) * size; i++) {
      float steps = (x[first + i] + minimum) * inverse;
      workspace.numbers[i] = (byte) Rounding.clamped(steps, most);
    }
  }
}

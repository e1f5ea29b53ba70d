package org.zonda.model.tensor;

/**
 * Encodes a block of groups that have a scale and a minimum each, both stored as small integers in
 * units of a half-precision number of the block.
 *
 * @param groups how many
 * @param size elements of each
 * @param most the largest number of an element
 * @param mostBits the largest integer that stores a scale or minimum
 */
record LineGroups(int groups, int size, int most, int mostBits) {

  /** Fills the workspace's numbers, scale bits and minimum bits, and the halves. */
  void encode(float[] x, int first, Workspace workspace) {
    float largestScale = 0;
    float largestMinimum = 0;
    LineFit line = workspace.line;
    for (int g = 0; g < groups; g++) {
      line.fit(x, first + g * size, size, most);
      workspace.scales[g] = line.scale();
      workspace.minimums[g] = line.minimum();
      largestScale = Math.max(largestScale, line.scale());
      largestMinimum = Math.max(largestMinimum, line.minimum());
    }
    workspace.scale = Rounding.half(largestScale / mostBits);
    workspace.minimum = Rounding.half(largestMinimum / mostBits);
    float d = Float.float16ToFloat(workspace.scale);
    float dmin = Float.float16ToFloat(workspace.minimum);
    for (int g = 0; g < groups; g++) {
      int scaleBits = d == 0 ? 0 : Rounding.clamped(workspace.scales[g] / d, mostBits);
      int minimumBits = dmin == 0 ? 0 : Rounding.clamped(workspace.minimums[g] / dmin, mostBits);
      workspace.scaleBits[g] = scaleBits;
      workspace.minimumBits[g] = minimumBits;
      float step = d * scaleBits;
      float inverse = step == 0 ? 0 : 1 / step;
      float minimum = dmin * minimumBits;
      for (int i = g * size; i < (g + 1) * size; i++) {
        float steps = (x[first + i] + minimum) * inverse;
        workspace.numbers[i] = (byte) Rounding.clamped(steps, most);
      }
    }
  }
}

package org.zonda.model.tensor;

/** What encoding a block needs to note down, made once for all blocks of a call. */
final class Workspace {

  private static final int MOST_ELEMENTS = 256;
  private static final int MOST_GROUPS = 16;

  final LineFit line = new LineFit();

  final ScaleFit scale = new ScaleFit();

  /** The number stored for each element. */
  final byte[] numbers = new byte[MOST_ELEMENTS];

  /** The scale that suits each group. */
  final float[] scales = new float[MOST_GROUPS];

  /** The minimum that suits each group. */
  final float[] minimums = new float[MOST_GROUPS];

  /** The stored scale of each group. */
  final int[] scaleBits = new int[MOST_GROUPS];

  /** The stored minimum of each group. */
  final int[] minimumBits = new int[MOST_GROUPS];

  /** The unit of the stored scales, half precision. */
  short scaleUnit;

  /** The unit of the stored minimums, half precision. */
  short minimumUnit;
}

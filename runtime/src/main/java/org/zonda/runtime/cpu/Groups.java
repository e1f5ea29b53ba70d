package org.zonda.runtime.cpu;

import static org.zonda.runtime.cpu.VectorKernels.BYTES;
import static org.zonda.runtime.cpu.VectorKernels.LANES;

/**
 * Unpacked weights of one row or of several: small whole numbers, and a scale and perhaps a minimum
 * for each group of them. A weight is {@code scale * number - minimum}.
 */
final class Groups {

  final byte[] numbers;
  final float[] scales;

  /** Null where the format has none. */
  final float[] minimums;

  /** Numbers that share a scale: 16 or 32. */
  final int size;

  /** Distance of the rows' numbers. */
  final int width;

  /** Distance of the rows' scales, and of their minimums: whole vectors. */
  final int scaleWidth;

  Groups(int rows, int width, int size, boolean minimums) {
    this.size = size;
    this.width = width;
    scaleWidth = scaleWidth(width, size);
    // The narrowest vector of bytes is longer than that of floats.
    numbers = new byte[rows * width + BYTES.length()];
    scales = new float[rows * scaleWidth];
    this.minimums = minimums ? new float[rows * scaleWidth] : null;
  }

  /** How many floats the scales of so many numbers take. */
  static int scaleWidth(int width, int size) {
    return Math.ceilDiv(width / size, LANES) * LANES;
  }
}

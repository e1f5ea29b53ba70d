package org.zonda.runtime.cpu;

import static org.zonda.runtime.cpu.VectorKernels.BYTES;

/**
 * Unpacked weights of a piece of up to four rows: small whole numbers, and a scale and perhaps a
 * minimum for each group of 16 or 32 of them. A weight is {@code scale * number - minimum}.
 *
 * <p>Every thread has one, which stays in its first cache.
 */
final class Groups {

  static final int ROWS = MatrixKernel.STREAMS;

  /** Numbers of a row, and the distance of the rows' numbers. */
  static final int WIDTH = 512;

  /** Distance of the rows' scales, and of their minimums. */
  static final int SCALES = WIDTH / 16;

  private static final ThreadLocal<Groups> OF_THREAD =
      ThreadLocal.withInitial(() -> new Groups(ROWS));

  // The narrowest vector of bytes is longer than that of floats.
  final byte[] numbers;
  final float[] scales;
  final float[] minimums;

  /** Room for pieces of so many rows. */
  Groups(int rows) {
    numbers = new byte[rows * WIDTH + BYTES.length()];
    scales = new float[rows * SCALES];
    minimums = new float[rows * SCALES];
  }

  static Groups ofThread() {
    return OF_THREAD.get();
  }
}

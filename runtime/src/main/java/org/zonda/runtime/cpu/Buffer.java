package org.zonda.runtime.cpu;

import org.zonda.model.ZondaException;

/** Memory for one value of the forward pass, which different values take in turn. */
final class Buffer {

  private int width;
  float[] data = {};

  /** Notes that a value of this width will lie here. */
  void fit(int valueWidth) {
    width = Math.max(width, valueWidth);
  }

  /** Makes room for a number of rows. */
  void ensure(int rows) {
    long floats = (long) rows * width;
    if (floats > Integer.MAX_VALUE - 16) {
      throw new ZondaException(
          "a batch of " + rows + " rows of " + width + " floats is too large; use a smaller batch");
    }
    if (data.length < floats) {
      data = new float[(int) floats];
    }
  }
}

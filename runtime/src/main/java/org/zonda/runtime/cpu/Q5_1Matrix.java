package org.zonda.runtime.cpu;

import java.lang.foreign.MemorySegment;
import org.zonda.model.tensor.TensorType;

/** Matrices in Q5_1: blocks of a scale, a value that is added, and 32 numbers of 5 bits. */
final class Q5_1Matrix extends GroupedMatrix {

  private static final int BLOCK_BYTES = 24;

  Q5_1Matrix() {
    super(TensorType.Q5_1, 32, true);
  }

  @Override
  void unpack(MemorySegment weights, long offset, int blocks, Groups target, int at, int scaleAt) {
    Unpack.scales(weights, offset, BLOCK_BYTES, blocks, target.scales, scaleAt);
    Unpack.addends(weights, offset + 2, BLOCK_BYTES, blocks, target.minimums, scaleAt);
    Unpack.fiveBits(weights, offset + 4, BLOCK_BYTES, blocks, 0, target.numbers, at);
  }
}

package org.zonda.runtime.cpu;

import java.lang.foreign.MemorySegment;
import org.zonda.model.tensor.TensorType;

/** Matrices in Q5_0: blocks of a half-precision scale and 32 numbers from -16 to 15 in 5 bits. */
final class Q5_0Matrix extends GroupedMatrix {

  private static final int BLOCK_BYTES = 22;

  Q5_0Matrix() {
    super(TensorType.Q5_0, 32, false);
  }

  @Override
  void unpack(MemorySegment weights, long offset, int blocks, Groups target, int at, int scaleAt) {
    Unpack.scales(weights, offset, BLOCK_BYTES, blocks, target.scales, scaleAt);
    Unpack.fiveBits(weights, offset + 2, BLOCK_BYTES, blocks, -16, target.numbers, at);
  }
}

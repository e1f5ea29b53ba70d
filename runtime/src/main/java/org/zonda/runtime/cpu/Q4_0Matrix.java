package org.zonda.runtime.cpu;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import org.zonda.model.tensor.TensorType;

/** Matrices in Q4_0: blocks of a half-precision scale and 32 numbers from -8 to 7 in 4 bits. */
final class Q4_0Matrix extends GroupedMatrix {

  private static final int BLOCK_BYTES = 18;
  private static final ByteVector NUMBERS =
      ByteVector.fromArray(
          ByteVector.SPECIES_128,
          new byte[] {-8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7},
          0);

  Q4_0Matrix() {
    super(TensorType.Q4_0, 32, false);
  }

  @Override
  void unpack(MemorySegment weights, long offset, int blocks, Groups target, int at, int scaleAt) {
    Unpack.scales(weights, offset, BLOCK_BYTES, blocks, target.scales, scaleAt);
    Unpack.codes(weights, offset + 2, BLOCK_BYTES, blocks, NUMBERS, target.numbers, at);
  }
}

package org.zonda.runtime.cpu;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import org.zonda.model.tensor.TensorType;

/** Matrices in Q4_1: blocks of a scale, a value that is added, and 32 numbers of 4 bits. */
final class Q4_1Matrix extends GroupedMatrix {

  private static final int BLOCK_BYTES = 20;
  private static final ByteVector NUMBERS =
      ByteVector.fromArray(
          ByteVector.SPECIES_128,
          new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
          0);

  Q4_1Matrix() {
    super(TensorType.Q4_1, 32, true);
  }

  @Override
  void unpack(MemorySegment weights, long offset, int blocks, Groups target, int at, int scaleAt) {
    Unpack.scales(weights, offset, BLOCK_BYTES, blocks, target.scales, scaleAt);
    Unpack.addends(weights, offset + 2, BLOCK_BYTES, blocks, target.minimums, scaleAt);
    Unpack.codes(weights, offset + 4, BLOCK_BYTES, blocks, NUMBERS, target.numbers, at);
  }
}

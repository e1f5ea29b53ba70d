package org.zonda.runtime.cpu;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import org.zonda.model.tensor.TensorType;

/** Matrices in IQ4_NL: blocks of a half-precision scale and 32 codes of 4 bits. */
final class IQ4_NLMatrix extends GroupedMatrix {

  private static final int BLOCK_BYTES = 18;

  /** The number of each code, which IQ4_XS uses too. */
  static final ByteVector LEVELS =
      ByteVector.fromArray(
          ByteVector.SPECIES_128,
          new byte[] {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113},
          0);

  IQ4_NLMatrix() {
    super(TensorType.IQ4_NL, 32, false);
  }

  @Override
  void unpack(MemorySegment weights, long offset, int blocks, Groups target, int at, int scaleAt) {
    Unpack.scales(weights, offset, BLOCK_BYTES, blocks, target.scales, scaleAt);
    Unpack.codes(weights, offset + 2, BLOCK_BYTES, blocks, LEVELS, target.numbers, at);
  }
}

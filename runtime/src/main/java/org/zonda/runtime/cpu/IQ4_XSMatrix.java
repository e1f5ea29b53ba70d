package org.zonda.runtime.cpu;

import java.lang.foreign.MemorySegment;
import org.zonda.model.tensor.TensorType;

/** Matrices in IQ4_XS; the layout stands at the format's codec. */
final class IQ4_XSMatrix extends GroupedMatrix {

  private static final int BLOCK = 256;
  private static final int BLOCK_BYTES = 136;
  private static final int HIGH = 2;
  private static final int LOW = 4;
  private static final int CODES = 8;

  IQ4_XSMatrix() {
    super(TensorType.IQ4_XS, 32, false);
  }

  @Override
  void unpack(MemorySegment weights, long offset, int blocks, Groups target, int at, int scaleAt) {
    for (int b = 0; b < blocks; b++) {
      long block = offset + (long) b * BLOCK_BYTES;
      long low = Long.expand(Unpack.four(weights, block + LOW), Unpack.LOWS);
      long high = Long.expand(Unpack.two(weights, block + HIGH), 0x3030303030303030L);
      float d = Unpack.half(weights, block);
      Unpack.scaleEight(Unpack.minus32(low | high), d, target.scales, scaleAt + b * 8);
      Unpack.codes(
          weights, block + CODES, 16, 8, IQ4_NLMatrix.LEVELS, target.numbers, at + b * BLOCK);
    }
  }
}

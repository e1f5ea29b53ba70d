package org.zonda.runtime.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import org.zonda.model.tensor.TensorType;

/** Matrices in MXFP4: blocks of a power of two and 32 floats of 4 bits. */
final class MXFP4Matrix extends GroupedMatrix {

  private static final int BLOCK_BYTES = 17;

  /** Twice the value of each code. */
  private static final ByteVector TWICE =
      ByteVector.fromArray(
          ByteVector.SPECIES_128,
          new byte[] {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12},
          0);

  MXFP4Matrix() {
    super(TensorType.MXFP4, 32, false);
  }

  @Override
  void unpack(MemorySegment weights, long offset, int blocks, Groups target, int at, int scaleAt) {
    for (int b = 0; b < blocks; b++) {
      int exponent = weights.get(ValueLayout.JAVA_BYTE, offset + (long) b * BLOCK_BYTES) & 0xFF;
      target.scales[scaleAt + b] = halfScale(exponent);
    }
    Unpack.codes(weights, offset + 1, BLOCK_BYTES, blocks, TWICE, target.numbers, at);
  }

  /** 2 to the power of exponent - 128; the first two are denormal. */
  private static float halfScale(int exponent) {
    return Float.intBitsToFloat(exponent < 2 ? 0x00200000 << exponent : exponent - 1 << 23);
  }
}

package org.zonda.runtime.cpu;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.zonda.runtime.cpu.VectorKernels.BYTES;
import static org.zonda.runtime.cpu.VectorKernels.FLOATS;
import static org.zonda.runtime.cpu.VectorKernels.INTS;
import static org.zonda.runtime.cpu.VectorKernels.LANES;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Matrices in Q4_0: blocks of a half-precision scale and 16 bytes, whose low halves are elements 0
 * to 15 and high halves 16 to 31, each less 8.
 */
final class Q4_0Matrix extends DecodedMatrix {

  private static final int BLOCK = 32;
  private static final int BLOCK_BYTES = 18;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  Q4_0Matrix(Kernels kernels) {
    super(kernels);
  }

  @Override
  public void decode(
      MemorySegment weights, long offset, float[] target, int targetOffset, int count) {
    for (int i = 0; i < count; i += BLOCK) {
      long at = offset + i / BLOCK * (long) BLOCK_BYTES;
      FloatVector scale =
          FloatVector.broadcast(FLOATS, Float.float16ToFloat(weights.get(SHORT, at)));
      for (int j = 0; j < BLOCK / 2; j += BYTES.length()) {
        ByteVector bytes = ByteVector.fromMemorySegment(BYTES, weights, at + 2 + j, LITTLE_ENDIAN);
        for (int part = 0; part < BYTES.length() / LANES; part++) {
          IntVector pairs = bytes.convertShape(VectorOperators.B2I, INTS, part).reinterpretAsInts();
          int to = targetOffset + i + j + part * LANES;
          scaled(pairs.and(15), scale).intoArray(target, to);
          scaled(pairs.lanewise(VectorOperators.LSHR, 4).and(15), scale)
              .intoArray(target, to + BLOCK / 2);
        }
      }
    }
  }

  private static FloatVector scaled(IntVector quants, FloatVector scale) {
    return quants
        .sub(8)
        .convertShape(VectorOperators.I2F, FLOATS, 0)
        .reinterpretAsFloats()
        .mul(scale);
  }
}

package org.zonda.runtime.cpu;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.zonda.runtime.cpu.VectorKernels.INTS;
import static org.zonda.runtime.cpu.VectorKernels.LANES;
import static org.zonda.runtime.cpu.VectorKernels.SHORTS;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/** Matrices of bfloat16: the upper half of a 32-bit float. */
final class BF16Matrix extends DecodedMatrix {

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  BF16Matrix(Kernels kernels) {
    super(kernels);
  }

  @Override
  public void decode(
      MemorySegment weights, long offset, float[] target, int targetOffset, int count) {
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      ShortVector.fromMemorySegment(SHORTS, weights, offset + 2L * i, LITTLE_ENDIAN)
          .convertShape(VectorOperators.S2I, INTS, 0)
          .reinterpretAsInts()
          .lanewise(VectorOperators.LSHL, 16)
          .reinterpretAsFloats()
          .intoArray(target, targetOffset + i);
    }
    for (; i < count; i++) {
      target[targetOffset + i] = Float.intBitsToFloat(weights.get(SHORT, offset + 2L * i) << 16);
    }
  }
}

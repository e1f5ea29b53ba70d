package org.zonda.runtime.cpu;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Matrices of half-precision floats. The JIT compiles a plain conversion loop to the machine's own
 * instruction, which the Vector API cannot name; doing it in integer lanes stumbles over denormals.
 */
final class F16Matrix extends DecodedMatrix {

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  F16Matrix(Kernels kernels) {
    super(kernels);
  }

  @Override
  public void decode(
      MemorySegment weights, long offset, float[] target, int targetOffset, int count) {
    for (int i = 0; i < count; i++) {
      target[targetOffset + i] = Float.float16ToFloat(weights.get(SHORT, offset + 2L * i));
    }
  }
}

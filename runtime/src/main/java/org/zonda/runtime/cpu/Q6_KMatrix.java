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

/** Matrices in Q6_K; the layout stands at the format's codec. */
final class Q6_KMatrix extends DecodedMatrix {

  private static final int BLOCK = 256;
  private static final int BLOCK_BYTES = 210;
  private static final int HIGH = 128;
  private static final int SCALES = 192;
  private static final int SCALE = 208;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  Q6_KMatrix(Kernels kernels) {
    super(kernels);
  }

  @Override
  public void decode(
      MemorySegment weights, long offset, float[] target, int targetOffset, int count) {
    for (int i = 0; i < count; i += BLOCK) {
      long block = offset + i / BLOCK * (long) BLOCK_BYTES;
      float scale = Float.float16ToFloat(weights.get(SHORT, block + SCALE));
      for (int half = 0; half < 2; half++) {
        for (int j = 0; j < 32; j += BYTES.length()) {
          // The same 32 high bytes serve four quarters of 32 elements.
          for (int quarter = 0; quarter < 4; quarter++) {
            long low = block + half * 64 + (quarter & 1) * 32 + j;
            int element = half * 128 + quarter * 32 + j;
            float step = scale * weights.get(ValueLayout.JAVA_BYTE, block + SCALES + element / 16);
            decode(
                weights,
                low,
                quarter / 2 * 4,
                block + HIGH + half * 32 + j,
                quarter * 2,
                step,
                target,
                targetOffset + i + element);
          }
        }
      }
    }
  }

  private static void decode(
      MemorySegment weights,
      long low,
      int lowShift,
      long high,
      int highShift,
      float scale,
      float[] target,
      int to) {
    ByteVector lowBytes = ByteVector.fromMemorySegment(BYTES, weights, low, LITTLE_ENDIAN);
    ByteVector highBytes = ByteVector.fromMemorySegment(BYTES, weights, high, LITTLE_ENDIAN);
    for (int part = 0; part < BYTES.length() / LANES; part++) {
      IntVector lows = lowBytes.convertShape(VectorOperators.B2I, INTS, part).reinterpretAsInts();
      IntVector highs = highBytes.convertShape(VectorOperators.B2I, INTS, part).reinterpretAsInts();
      lows.lanewise(VectorOperators.LSHR, lowShift)
          .and(15)
          .or(
              highs
                  .lanewise(VectorOperators.LSHR, highShift)
                  .and(3)
                  .lanewise(VectorOperators.LSHL, 4))
          .sub(32)
          .convertShape(VectorOperators.I2F, FLOATS, 0)
          .reinterpretAsFloats()
          .mul(FloatVector.broadcast(FLOATS, scale))
          .intoArray(target, to + part * LANES);
    }
  }
}

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

/** Matrices in Q4_K; the layout stands at the format's codec. */
final class Q4_KMatrix extends DecodedMatrix {

  private static final int BLOCK = 256;
  private static final int BLOCK_BYTES = 144;
  private static final int MINIMUM = 2;
  private static final int SIXES = 4;
  private static final int NUMBERS = 16;

  /** Two groups share their bytes. */
  private static final int GROUP = 32;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  Q4_KMatrix(Kernels kernels) {
    super(kernels);
  }

  @Override
  public void decode(
      MemorySegment weights, long offset, float[] target, int targetOffset, int count) {
    for (int i = 0; i < count; i += BLOCK) {
      long block = offset + i / BLOCK * (long) BLOCK_BYTES;
      float d = Float.float16ToFloat(weights.get(SHORT, block));
      float dmin = Float.float16ToFloat(weights.get(SHORT, block + MINIMUM));
      // Each of the four words becomes four 6-bit numbers, one a byte.
      int first = weights.get(INT, block + SIXES);
      int second = weights.get(INT, block + SIXES + 4);
      int third = weights.get(INT, block + SIXES + 8);
      half(
          weights,
          block + NUMBERS,
          d,
          first & 0x3F3F3F3F,
          dmin,
          second & 0x3F3F3F3F,
          target,
          targetOffset + i);
      half(
          weights,
          block + NUMBERS + 2 * GROUP,
          d,
          third & 0x0F0F0F0F | first >>> 2 & 0x30303030,
          dmin,
          third >>> 4 & 0x0F0F0F0F | second >>> 2 & 0x30303030,
          target,
          targetOffset + i + BLOCK / 2);
    }
  }

  /** Four groups, whose scales and minimums are the bytes of two words. */
  private static void half(
      MemorySegment weights,
      long from,
      float d,
      int scales,
      float dmin,
      int minimums,
      float[] target,
      int to) {
    for (int pair = 0; pair < 2; pair++) {
      int shift = 16 * pair;
      pair(
          weights,
          from + pair * GROUP,
          d * (scales >>> shift & 0xFF),
          dmin * (minimums >>> shift & 0xFF),
          d * (scales >>> shift + 8 & 0xFF),
          dmin * (minimums >>> shift + 8 & 0xFF),
          target,
          to + pair * 2 * GROUP);
    }
  }

  private static void pair(
      MemorySegment weights,
      long from,
      float lowStep,
      float lowMinimum,
      float highStep,
      float highMinimum,
      float[] target,
      int to) {
    for (int j = 0; j < GROUP; j += BYTES.length()) {
      ByteVector bytes = ByteVector.fromMemorySegment(BYTES, weights, from + j, LITTLE_ENDIAN);
      for (int part = 0; part < BYTES.length() / LANES; part++) {
        IntVector numbers = bytes.convertShape(VectorOperators.B2I, INTS, part).reinterpretAsInts();
        int at = to + j + part * LANES;
        line(numbers.and(15), lowStep, lowMinimum).intoArray(target, at);
        line(numbers.lanewise(VectorOperators.LSHR, 4).and(15), highStep, highMinimum)
            .intoArray(target, at + GROUP);
      }
    }
  }

  private static FloatVector line(IntVector numbers, float step, float minimum) {
    return numbers
        .convertShape(VectorOperators.I2F, FLOATS, 0)
        .reinterpretAsFloats()
        .mul(FloatVector.broadcast(FLOATS, step))
        .sub(FloatVector.broadcast(FLOATS, minimum));
  }
}

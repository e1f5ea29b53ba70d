package org.zonda.runtime.cpu;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static org.zonda.runtime.cpu.Unpack.LOW;
import static org.zonda.runtime.cpu.Unpack.RUN;
import static org.zonda.runtime.cpu.Unpack.STEP;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ShortVector;
import org.zonda.model.tensor.TensorType;

/** Matrices in Q6_K; the layout stands at the format's codec. */
final class Q6_KMatrix extends GroupedMatrix {

  private static final int BLOCK = 256;
  private static final int BLOCK_BYTES = 210;
  private static final int HIGH = 128;
  private static final int SCALES = 192;
  private static final int SCALE = 208;

  /** Where the high two bits go, in two bytes. */
  private static final short HIGH_BITS = 0x3030;

  Q6_KMatrix() {
    super(TensorType.Q6_K, 16, false);
  }

  @Override
  void unpack(MemorySegment weights, long offset, int blocks, Groups target, int at, int scaleAt) {
    for (int b = 0; b < blocks; b++) {
      long block = offset + (long) b * BLOCK_BYTES;
      float d = Unpack.half(weights, block + SCALE);
      int to = scaleAt + b * 16;
      Unpack.scaleEight(Unpack.eight(weights, block + SCALES), d, target.scales, to);
      Unpack.scaleEight(Unpack.eight(weights, block + SCALES + 8), d, target.scales, to + 8);
    }
    numbers(weights, offset, blocks, target.numbers, at);
  }

  private static void numbers(
      MemorySegment weights, long offset, int blocks, byte[] target, int at) {
    for (int b = 0; b < blocks; b++) {
      long block = offset + (long) b * BLOCK_BYTES;
      int to = at + b * BLOCK;
      for (int half = 0; half < 2; half++) {
        for (int i = 0; i < 32; i += STEP) {
          ShortVector first =
              ShortVector.fromMemorySegment(RUN, weights, block + half * 64 + i, LITTLE_ENDIAN);
          ShortVector second =
              ShortVector.fromMemorySegment(
                  RUN, weights, block + half * 64 + 32 + i, LITTLE_ENDIAN);
          ShortVector high =
              ShortVector.fromMemorySegment(
                  RUN, weights, block + HIGH + half * 32 + i, LITTLE_ENDIAN);
          int quarter = to + half * 128 + i;
          first
              .and(LOW)
              .or(high.lanewise(LSHL, 4).and(HIGH_BITS))
              .reinterpretAsBytes()
              .sub((byte) 32)
              .intoArray(target, quarter);
          second
              .and(LOW)
              .or(high.lanewise(LSHL, 2).and(HIGH_BITS))
              .reinterpretAsBytes()
              .sub((byte) 32)
              .intoArray(target, quarter + 32);
          first
              .lanewise(LSHR, 4)
              .and(LOW)
              .or(high.and(HIGH_BITS))
              .reinterpretAsBytes()
              .sub((byte) 32)
              .intoArray(target, quarter + 64);
          second
              .lanewise(LSHR, 4)
              .and(LOW)
              .or(high.lanewise(LSHR, 2).and(HIGH_BITS))
              .reinterpretAsBytes()
              .sub((byte) 32)
              .intoArray(target, quarter + 96);
        }
      }
    }
  }
}

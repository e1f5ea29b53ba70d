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

/** Matrices in Q5_K; the layout stands at the format's codec. */
final class Q5_KMatrix extends GroupedMatrix {

  private static final int BLOCK = 256;
  private static final int BLOCK_BYTES = 176;
  private static final int HIGH = 16;
  private static final int LOWER = 48;

  /** Where a fifth bit goes, in two bytes. */
  private static final short FIFTH = 0x1010;

  Q5_KMatrix() {
    super(TensorType.Q5_K, 32, true);
  }

  @Override
  void unpack(MemorySegment weights, long offset, int blocks, Groups target, int at, int scaleAt) {
    Unpack.sixBits(weights, offset, BLOCK_BYTES, blocks, target.scales, target.minimums, scaleAt);
    numbers(weights, offset, blocks, target.numbers, at);
  }

  private static void numbers(
      MemorySegment weights, long offset, int blocks, byte[] target, int at) {
    for (int b = 0; b < blocks; b++) {
      long block = offset + (long) b * BLOCK_BYTES;
      int to = at + b * BLOCK;
      for (int i = 0; i < 32; i += STEP) {
        ShortVector fifths =
            ShortVector.fromMemorySegment(RUN, weights, block + HIGH + i, LITTLE_ENDIAN);
        for (int pair = 0; pair < 4; pair++) {
          ShortVector lows =
              ShortVector.fromMemorySegment(
                  RUN, weights, block + LOWER + pair * 32 + i, LITTLE_ENDIAN);
          lows.and(LOW)
              .or(fifths.lanewise(LSHL, 4).and(FIFTH))
              .reinterpretAsBytes()
              .intoArray(target, to + pair * 64 + i);
          lows.lanewise(LSHR, 4)
              .and(LOW)
              .or(fifths.lanewise(LSHL, 3).and(FIFTH))
              .reinterpretAsBytes()
              .intoArray(target, to + pair * 64 + 32 + i);
          fifths = fifths.lanewise(LSHR, 2);
        }
      }
    }
  }
}

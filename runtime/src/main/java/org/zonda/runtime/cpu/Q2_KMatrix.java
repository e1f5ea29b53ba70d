package org.zonda.runtime.cpu;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static org.zonda.runtime.cpu.Unpack.RUN;
import static org.zonda.runtime.cpu.Unpack.STEP;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ShortVector;
import org.zonda.model.tensor.TensorType;

/** Matrices in Q2_K; the layout stands at the format's codec. */
final class Q2_KMatrix extends GroupedMatrix {

  private static final int BLOCK = 256;
  private static final int BLOCK_BYTES = 84;
  private static final int NUMBERS = 16;
  private static final int SCALE = 80;
  private static final int MINIMUM = 82;

  /** The lowest two bits of two bytes. */
  private static final short TWO_BITS = 0x0303;

  Q2_KMatrix() {
    super(TensorType.Q2_K, 16, true);
  }

  @Override
  void unpack(MemorySegment weights, long offset, int blocks, Groups target, int at, int scaleAt) {
    for (int b = 0; b < blocks; b++) {
      long block = offset + (long) b * BLOCK_BYTES;
      float d = Unpack.half(weights, block + SCALE);
      float dmin = Unpack.half(weights, block + MINIMUM);
      for (int half = 0; half < 2; half++) {
        long both = Unpack.eight(weights, block + half * 8);
        int to = scaleAt + b * 16 + half * 8;
        Unpack.scaleEight(both & Unpack.LOWS, d, target.scales, to);
        Unpack.scaleEight(both >>> 4 & Unpack.LOWS, dmin, target.minimums, to);
      }
    }
    numbers(weights, offset + NUMBERS, blocks, target.numbers, at);
  }

  private static void numbers(
      MemorySegment weights, long offset, int blocks, byte[] target, int at) {
    for (int b = 0; b < blocks; b++) {
      long block = offset + (long) b * BLOCK_BYTES;
      int to = at + b * BLOCK;
      for (int half = 0; half < 2; half++) {
        for (int i = 0; i < 32; i += STEP) {
          ShortVector fours =
              ShortVector.fromMemorySegment(RUN, weights, block + half * 32 + i, LITTLE_ENDIAN);
          for (int quarter = 0; quarter < 4; quarter++) {
            fours
                .and(TWO_BITS)
                .reinterpretAsBytes()
                .intoArray(target, to + half * 128 + quarter * 32 + i);
            fours = fours.lanewise(LSHR, 2);
          }
        }
      }
    }
  }
}

package org.zonda.runtime.cpu;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static org.zonda.runtime.cpu.Unpack.LOW;
import static org.zonda.runtime.cpu.Unpack.RUN;
import static org.zonda.runtime.cpu.Unpack.STEP;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ShortVector;
import org.zonda.model.tensor.TensorType;

/** Matrices in Q4_K; the layout stands at the format's codec. */
final class Q4_KMatrix extends GroupedMatrix {

  private static final int BLOCK = 256;
  private static final int BLOCK_BYTES = 144;
  private static final int NUMBERS = 16;

  Q4_KMatrix() {
    super(TensorType.Q4_K, 32, true);
  }

  @Override
  void unpack(MemorySegment weights, long offset, int blocks, Groups target, int at, int scaleAt) {
    Unpack.sixBits(weights, offset, BLOCK_BYTES, blocks, target.scales, target.minimums, scaleAt);
    numbers(weights, offset + NUMBERS, blocks, target.numbers, at);
  }

  private static void numbers(
      MemorySegment weights, long offset, int blocks, byte[] target, int at) {
    for (int b = 0; b < blocks; b++) {
      long block = offset + (long) b * BLOCK_BYTES;
      int to = at + b * BLOCK;
      for (int i = 0; i < 32; i += STEP) {
        for (int pair = 0; pair < 4; pair++) {
          ShortVector bytes =
              ShortVector.fromMemorySegment(RUN, weights, block + pair * 32 + i, LITTLE_ENDIAN);
          bytes.and(LOW).reinterpretAsBytes().intoArray(target, to + pair * 64 + i);
          bytes
              .lanewise(LSHR, 4)
              .and(LOW)
              .reinterpretAsBytes()
              .intoArray(target, to + pair * 64 + 32 + i);
        }
      }
    }
  }
}

package org.zonda.runtime.cpu;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static org.zonda.runtime.cpu.Unpack.RUN;
import static org.zonda.runtime.cpu.Unpack.STEP;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ShortVector;
import org.zonda.model.tensor.TensorType;

/** Matrices in Q3_K; the layout stands at the format's codec. */
final class Q3_KMatrix extends GroupedMatrix {

  private static final int BLOCK = 256;
  private static final int BLOCK_BYTES = 110;
  private static final int LOW = 32;
  private static final int SCALES = 96;
  private static final int SCALE = 108;

  /** The lowest two bits, and the lowest, of two bytes. */
  private static final short TWO_BITS = 0x0303;

  private static final short BIT = 0x0101;

  Q3_KMatrix() {
    super(TensorType.Q3_K, 16, false);
  }

  @Override
  void unpack(MemorySegment weights, long offset, int blocks, Groups target, int at, int scaleAt) {
    for (int b = 0; b < blocks; b++) {
      long block = offset + (long) b * BLOCK_BYTES;
      float d = Unpack.half(weights, block + SCALE);
      long low = Unpack.eight(weights, block + SCALES);
      long high = Integer.toUnsignedLong(Unpack.four(weights, block + SCALES + 8));
      int to = scaleAt + b * 16;
      scaleEight(low, high, d, target.scales, to);
      scaleEight(low >>> 4, high >>> 4, d, target.scales, to + 8);
    }
    numbers(weights, offset, blocks, target.numbers, at);
  }

  /** Four low bits in each byte of a long, and two high ones of four scales in each of an int. */
  private static void scaleEight(long low, long high, float d, float[] target, int at) {
    long highs = (high | high >>> 2 << 32) & 0x0303030303030303L;
    Unpack.scaleEight(Unpack.minus32(low & Unpack.LOWS | highs << 4), d, target, at);
  }

  private static void numbers(
      MemorySegment weights, long offset, int blocks, byte[] target, int at) {
    for (int b = 0; b < blocks; b++) {
      long block = offset + (long) b * BLOCK_BYTES;
      int to = at + b * BLOCK;
      for (int i = 0; i < 32; i += STEP) {
        ShortVector highs = ShortVector.fromMemorySegment(RUN, weights, block + i, LITTLE_ENDIAN);
        for (int half = 0; half < 2; half++) {
          ShortVector fours =
              ShortVector.fromMemorySegment(
                  RUN, weights, block + LOW + half * 32 + i, LITTLE_ENDIAN);
          for (int quarter = 0; quarter < 4; quarter++) {
            fours
                .and(TWO_BITS)
                .or(highs.and(BIT).lanewise(LSHL, 2))
                .reinterpretAsBytes()
                .sub((byte) 4)
                .intoArray(target, to + half * 128 + quarter * 32 + i);
            fours = fours.lanewise(LSHR, 2);
            highs = highs.lanewise(LSHR, 1);
          }
        }
      }
    }
  }
}

package org.zonda.runtime.cpu;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.B2F;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static org.zonda.runtime.cpu.VectorKernels.LANES;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * What formats share in unpacking. No instruction shifts bytes, so they are shifted as shorts, and
 * the bits that come from the neighbour are masked away.
 */
final class Unpack {

  /** 32 bytes, or half of them where vectors are narrower. */
  static final VectorSpecies<Short> RUN =
      LANES >= 8 ? ShortVector.SPECIES_256 : ShortVector.SPECIES_128;

  /** What a loop over 32 bytes advances by. */
  static final int STEP = RUN.vectorByteSize();

  /** The lower 4 bits of two bytes. */
  static final short LOW = 0x0F0F;

  /** The lower 4 bits of eight bytes. */
  static final long LOWS = 0x0F0F0F0F0F0F0F0FL;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);

  private static final VectorSpecies<Float> SCALES =
      LANES >= 8 ? FloatVector.SPECIES_256 : FloatVector.SPECIES_128;

  private static final VectorSpecies<Integer> WORDS = IntVector.SPECIES_128;
  private static final VectorShuffle<Integer> LOW_WORDS =
      VectorShuffle.fromValues(WORDS, 1, 3, 2, 3);
  private static final IntVector LOW_SHIFTS = words(0, 0, 0, 4);
  private static final IntVector LOW_BITS = words(0x3F3F3F3F, 0x0F0F0F0F, 0x3F3F3F3F, 0x0F0F0F0F);
  private static final VectorShuffle<Integer> HIGH_WORDS =
      VectorShuffle.fromValues(WORDS, 0, 1, 0, 2);
  private static final IntVector HIGH_SHIFTS = words(2, 2, 2, 2);
  private static final IntVector HIGH_BITS = words(0, 0x30303030, 0, 0x30303030);

  private Unpack() {}

  private static IntVector words(int... values) {
    return IntVector.fromArray(WORDS, values, 0);
  }

  /** Reads a half-precision number. */
  static float half(MemorySegment weights, long offset) {
    return Float.float16ToFloat(weights.get(SHORT, offset));
  }

  /** Reads two bytes. */
  static int two(MemorySegment weights, long offset) {
    return weights.get(SHORT, offset) & 0xFFFF;
  }

  /** Reads four bytes. */
  static int four(MemorySegment weights, long offset) {
    return weights.get(INT, offset);
  }

  /** Reads eight bytes. */
  static long eight(MemorySegment weights, long offset) {
    return weights.get(LONG, offset);
  }

  /** Subtracts 32 from eight bytes from 0 to 63. */
  static long minus32(long bytes) {
    return (bytes | 0x8080808080808080L) - 0x2020202020202020L ^ 0x8080808080808080L;
  }

  /** Reads the scales of blocks of 32. */
  static void scales(
      MemorySegment weights, long offset, int blockBytes, int blocks, float[] target, int at) {
    for (int b = 0; b < blocks; b++) {
      target[at + b] = half(weights, offset + (long) b * blockBytes);
    }
  }

  /** Reads what blocks of 32 add to their products: less their minimums. */
  static void addends(
      MemorySegment weights, long offset, int blockBytes, int blocks, float[] target, int at) {
    for (int b = 0; b < blocks; b++) {
      target[at + b] = -half(weights, offset + (long) b * blockBytes);
    }
  }

  /** Writes the eight signed bytes of a long, multiplied with a factor. */
  static void scaleEight(long bytes, float factor, float[] target, int at) {
    ByteVector v = LongVector.broadcast(LongVector.SPECIES_128, bytes).reinterpretAsBytes();
    for (int part = 0; part < 8 / SCALES.length(); part++) {
      ((FloatVector) v.convertShape(B2F, SCALES, part))
          .mul(factor)
          .intoArray(target, at + part * SCALES.length());
    }
  }

  /**
   * Unpacks what blocks of Q4_K and Q5_K begin with: scales of the scales and of the minimums, and
   * eight of each in 12 bytes; the layout stands at the codecs.
   */
  static void sixBits(
      MemorySegment weights,
      long offset,
      int blockBytes,
      int blocks,
      float[] scales,
      float[] minimums,
      int at) {
    int parts = 8 / SCALES.length();
    for (int b = 0; b < blocks; b++) {
      long block = offset + (long) b * blockBytes;
      float d = half(weights, block);
      float dmin = half(weights, block + 2);
      IntVector head = IntVector.fromMemorySegment(WORDS, weights, block, LITTLE_ENDIAN);
      // Words of four bytes: scales 0 to 3 and 4 to 7, minimums 0 to 3 and 4 to 7.
      ByteVector six =
          head.rearrange(LOW_WORDS)
              .lanewise(LSHR, LOW_SHIFTS)
              .and(LOW_BITS)
              .or(head.rearrange(HIGH_WORDS).lanewise(LSHR, HIGH_SHIFTS).and(HIGH_BITS))
              .reinterpretAsBytes();
      for (int part = 0; part < parts; part++) {
        int to = at + b * 8 + part * SCALES.length();
        ((FloatVector) six.convertShape(B2F, SCALES, part)).mul(d).intoArray(scales, to);
        ((FloatVector) six.convertShape(B2F, SCALES, parts + part))
            .mul(dmin)
            .intoArray(minimums, to);
      }
    }
  }

  /**
   * Unpacks groups of 32 codes of 4 bits: 16 bytes hold the first 16 in their lower halves and the
   * others in their upper.
   *
   * @param offset where the codes of the first group begin
   * @param distance of the groups in bytes
   * @param table the number of each code
   */
  static void codes(
      MemorySegment weights,
      long offset,
      int distance,
      int groups,
      ByteVector table,
      byte[] target,
      int at) {
    for (int g = 0; g < groups; g++) {
      ShortVector codes =
          ShortVector.fromMemorySegment(
              ShortVector.SPECIES_128, weights, offset + (long) g * distance, LITTLE_ENDIAN);
      codes.and(LOW).reinterpretAsBytes().selectFrom(table).intoArray(target, at + g * 32);
      codes
          .lanewise(LSHR, 4)
          .and(LOW)
          .reinterpretAsBytes()
          .selectFrom(table)
          .intoArray(target, at + g * 32 + 16);
    }
  }

  /**
   * Unpacks blocks of 32 numbers of 5 bits: 4 bytes with the fifth bits, then 16 bytes with the
   * lower four as in {@link #codes}.
   *
   * @param offset where the fifth bits of the first block begin
   * @param least what 0 stands for
   */
  static void fiveBits(
      MemorySegment weights,
      long offset,
      int blockBytes,
      int blocks,
      int least,
      byte[] target,
      int at) {
    ByteVector without = ByteVector.broadcast(ByteVector.SPECIES_128, (byte) least);
    ByteVector with = ByteVector.broadcast(ByteVector.SPECIES_128, (byte) (least + 16));
    for (int b = 0; b < blocks; b++) {
      long block = offset + (long) b * blockBytes;
      int fifths = weights.get(INT, block);
      ShortVector lows =
          ShortVector.fromMemorySegment(ShortVector.SPECIES_128, weights, block + 4, LITTLE_ENDIAN);
      lows.and(LOW)
          .reinterpretAsBytes()
          .add(without.blend(with, VectorMask.fromLong(ByteVector.SPECIES_128, fifths & 0xFFFF)))
          .intoArray(target, at + b * 32);
      lows.lanewise(LSHR, 4)
          .and(LOW)
          .reinterpretAsBytes()
          .add(without.blend(with, VectorMask.fromLong(ByteVector.SPECIES_128, fifths >>> 16)))
          .intoArray(target, at + b * 32 + 16);
    }
  }
}

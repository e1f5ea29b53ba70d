package org.zonda.runtime.tornado;

import static org.zonda.runtime.tornado.DeviceFormat.BYTE;
import static org.zonda.runtime.tornado.DeviceFormat.INT;
import static org.zonda.runtime.tornado.DeviceFormat.LONG;

import java.lang.foreign.MemorySegment;

/**
 * Brings the bits of stored blocks into the order of their elements, the first of a word lowest.
 * Offsets are in bytes.
 */
final class Repacking {

  private Repacking() {}

  /**
   * Four bits each of {@code elements} elements, half as many bytes: byte i has element i in its
   * low half, and in its high half that which lies half of the elements further.
   */
  static void nibbles(MemorySegment from, long at, int elements, MemorySegment to, long word) {
    int half = elements / 2;
    for (int k = 0; k < half; k += 8) {
      long bytes = from.get(LONG, at + k);
      to.set(INT, word + k / 2, (int) Long.compress(bytes, 0x0F0F0F0F0F0F0F0FL));
      to.set(INT, word + k / 2 + half / 2, (int) Long.compress(bytes, 0xF0F0F0F0F0F0F0F0L));
    }
  }

  /**
   * Two bits each of 256 elements: 64 bytes become 16 words. Each 32 bytes hold 128 elements,
   * elements 32j to 32j + 31 in bit pair j.
   */
  static void pairsOf256(MemorySegment from, long at, MemorySegment to, long word) {
    for (int k = 0; k < 16; k++) {
      long bytes = at + 32 * (k / 8) + 16 * (k % 2);
      int pair = k % 8 / 2;
      int first = bitPairs(from.get(LONG, bytes), pair);
      to.set(INT, word + 4 * k, first | bitPairs(from.get(LONG, bytes + 8), pair) << 16);
    }
  }

  /** One bit each of 256 elements: 32 bytes become 8 words. Bit j has elements 32j to 32j + 31. */
  static void bitsOf256(MemorySegment from, long at, MemorySegment to, long word) {
    for (int j = 0; j < 8; j++) {
      int bits = 0;
      for (int k = 0; k < 4; k++) {
        long eight = Long.compress(from.get(LONG, at + 8 * k), 0x0101010101010101L << j);
        bits |= (int) eight << (8 * k);
      }
      to.set(INT, word + 4 * j, bits);
    }
  }

  /**
   * Eight scales and eight minima of six bits: 12 bytes become 3 words, the low four bits of the
   * scales, those of the minima, the high two bits of all.
   *
   * <p>Stored are scales 0 to 3 and minima 0 to 3 as the low six bits of bytes 0 to 7; those from 4
   * on have their low four bits in bytes 8 to 11 and their high two above the others.
   */
  static void scalesAndMinima(MemorySegment from, long at, MemorySegment to, long word) {
    int lowScales = 0;
    int lowMinima = 0;
    int high = 0;
    for (int j = 0; j < 4; j++) {
      int scale = from.get(BYTE, at + j) & 255;
      int minimum = from.get(BYTE, at + 4 + j) & 255;
      int later = from.get(BYTE, at + 8 + j) & 255;
      lowScales |= (scale & 15) << (4 * j) | (later & 15) << (4 * (j + 4));
      lowMinima |= (minimum & 15) << (4 * j) | (later >> 4) << (4 * (j + 4));
      high |= (scale >> 4 & 3) << (2 * j) | (scale >> 6) << (2 * (j + 4));
      high |= (minimum >> 4 & 3) << (2 * (j + 8)) | (minimum >> 6) << (2 * (j + 12));
    }
    to.set(INT, word, lowScales);
    to.set(INT, word + 4, lowMinima);
    to.set(INT, word + 8, high);
  }

  /** The eight elements in one pair of bits of eight bytes, as 16 bits. */
  private static int bitPairs(long bytes, int pair) {
    return (int) Long.compress(bytes, 0x0303030303030303L << (2 * pair));
  }
}

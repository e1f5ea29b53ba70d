package org.zonda.model.tensor;

import static org.zonda.model.tensor.StorageLayout.BYTE;

import java.lang.foreign.MemorySegment;

/**
 * Two bits of each of 256 elements in 64 bytes. They come in two halves of 128 elements and 32
 * bytes; byte l of a half holds those of its elements l, l + 32, l + 64 and l + 96, lowest first.
 */
final class TwoBits {

  private static final int HALF = 128;
  private static final int RUN = 32;

  private TwoBits() {}

  static int get(MemorySegment source, long bits, int element) {
    long at = bits + element / HALF * RUN + element % RUN;
    return source.get(BYTE, at) >> element % HALF / RUN * 2 & 3;
  }

  /** Writes two bits of each number, those from a shift on. */
  static void put(MemorySegment target, long bits, byte[] numbers, int shift) {
    for (int half = 0; half < 2; half++) {
      for (int l = 0; l < RUN; l++) {
        int e = half * HALF + l;
        int four =
            (numbers[e] >> shift & 3)
                | (numbers[e + RUN] >> shift & 3) << 2
                | (numbers[e + 2 * RUN] >> shift & 3) << 4
                | (numbers[e + 3 * RUN] >> shift & 3) << 6;
        target.set(BYTE, bits + half * RUN + l, (byte) four);
      }
    }
  }
}

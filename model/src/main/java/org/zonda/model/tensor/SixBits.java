package org.zonda.model.tensor;

import static org.zonda.model.tensor.StorageLayout.BYTE;

import java.lang.foreign.MemorySegment;

/**
 * Eight scales and eight minimums of 6 bits in 12 bytes b.
 *
 * <p>Scale j and minimum j of the first four groups are the low 6 bits of b[j] and b[j + 4]. Those
 * of the last four, j from 4 to 7, have their low 4 bits in b[j + 4], scale below and minimum
 * above, and their high 2 bits in the high 2 bits of b[j - 4] and b[j].
 */
final class SixBits {

  static final int BYTES = 12;

  private SixBits() {}

  static int scale(MemorySegment source, long sixes, int group) {
    return group < 4
        ? source.get(BYTE, sixes + group) & 63
        : source.get(BYTE, sixes + group + 4) & 15
            | (source.get(BYTE, sixes + group - 4) >> 6 & 3) << 4;
  }

  static int minimum(MemorySegment source, long sixes, int group) {
    return group < 4
        ? source.get(BYTE, sixes + group + 4) & 63
        : source.get(BYTE, sixes + group + 4) >> 4 & 15
            | (source.get(BYTE, sixes + group) >> 6 & 3) << 4;
  }

  static void put(MemorySegment target, long sixes, int[] scales, int[] minimums) {
    for (int j = 0; j < 4; j++) {
      target.set(BYTE, sixes + j, (byte) (scales[j] | scales[j + 4] >> 4 << 6));
      target.set(BYTE, sixes + j + 4, (byte) (minimums[j] | minimums[j + 4] >> 4 << 6));
      target.set(BYTE, sixes + j + 8, (byte) (scales[j + 4] & 15 | minimums[j + 4] << 4));
    }
  }
}

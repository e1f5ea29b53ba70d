package org.zonda.runtime.tornado;

import java.lang.foreign.MemorySegment;
import org.zonda.kernels.PackedLayout;
import org.zonda.model.tensor.TensorType;

/**
 * Q3_K: 16 words a block of 256 with the low two bits of sixteen elements each; 8 words with the
 * third bits; 12 bytes with sixteen scales of six bits; a half float, their factor.
 *
 * <p>A stored block: 32 bytes of third bits, elements 32j to 32j + 31 in bit j; 64 bytes of which
 * each 32 hold 128 elements, elements 32j to 32j + 31 in bit pair j; the scales, the low four bits
 * of scale j in byte j % 8, of the first eight in the low halves, then the high two bits of scale j
 * in byte j % 4, in bit pair j / 4; the factor.
 */
final class Q3_KDeviceFormat extends PackedDeviceFormat {

  Q3_KDeviceFormat() {
    super(TensorType.Q3_K, PackedLayout.Q3_K, 16, 8, 12, 1);
  }

  @Override
  void repackBlock(MemorySegment from, long block, DeviceMatrix to, long number) {
    Repacking.bitsOf256(from, block, to.segment(HIGH), 32 * number);
    Repacking.pairsOf256(from, block + 32, to.segment(LOW), 64 * number);
    Repacking.nibbles(from, block + 96, 16, to.segment(SCALES), 12 * number);
    int stored = from.get(INT, block + 104);
    int high = 0;
    for (int pair = 0; pair < 4; pair++) {
      high |= Integer.compress(stored, 0x03030303 << (2 * pair)) << (8 * pair);
    }
    to.segment(SCALES).set(INT, 12 * number + 8, high);
    to.segment(FACTORS).set(SHORT, 2 * number, from.get(SHORT, block + 108));
  }
}

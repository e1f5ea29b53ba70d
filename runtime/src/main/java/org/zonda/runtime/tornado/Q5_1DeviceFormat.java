package org.zonda.runtime.tornado;

import java.lang.foreign.MemorySegment;
import org.zonda.kernels.PackedLayout;
import org.zonda.model.tensor.TensorType;

/**
 * Q5_1: 4 words a block of 32 with the low four bits of eight elements each; a word with the fifth
 * bits; two half floats, the scale and the minimum.
 *
 * <p>A stored block: the two, the fifth bits, then 16 bytes with element i in the low and element i
 * + 16 in the high half of byte i.
 */
final class Q5_1DeviceFormat extends PackedDeviceFormat {

  Q5_1DeviceFormat() {
    super(TensorType.Q5_1, PackedLayout.Q5_1, 4, 1, 0, 2);
  }

  @Override
  void repackBlock(MemorySegment from, long block, DeviceMatrix to, long number) {
    to.segment(FACTORS).set(INT, 4 * number, from.get(INT, block));
    to.segment(HIGH).set(INT, 4 * number, from.get(INT, block + 4));
    Repacking.nibbles(from, block + 8, 32, to.segment(LOW), 16 * number);
  }
}

package org.zonda.runtime.tornado;

import java.lang.foreign.MemorySegment;
import org.zonda.kernels.PackedLayout;
import org.zonda.model.tensor.TensorType;

/**
 * Q5_0: 4 words a block of 32 with the low four bits of eight elements each; a word with the fifth
 * bits; a half float, the scale.
 *
 * <p>A stored block: the scale, the fifth bits, then 16 bytes with element i in the low and element
 * i + 16 in the high half of byte i.
 */
final class Q5_0DeviceFormat extends PackedDeviceFormat {

  Q5_0DeviceFormat() {
    super(TensorType.Q5_0, PackedLayout.Q5_0, 4, 1, 0, 1);
  }

  @Override
  void repackBlock(MemorySegment from, long block, DeviceMatrix to, long number) {
    to.segment(FACTORS).set(SHORT, 2 * number, from.get(SHORT, block));
    to.segment(HIGH).set(INT, 4 * number, from.get(INT, block + 2));
    Repacking.nibbles(from, block + 6, 32, to.segment(LOW), 16 * number);
  }
}

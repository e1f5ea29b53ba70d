package org.zonda.runtime.tornado;

import java.lang.foreign.MemorySegment;
import org.zonda.kernels.PackedLayout;
import org.zonda.model.tensor.TensorType;

/**
 * Q4_1: 4 words a block of 32, eight elements a word; two half floats, the scale and the minimum.
 *
 * <p>A stored block: the two, then 16 bytes with element i in the low and element i + 16 in the
 * high half of byte i.
 */
final class Q4_1DeviceFormat extends PackedDeviceFormat {

  Q4_1DeviceFormat() {
    super(TensorType.Q4_1, PackedLayout.Q4_1, 4, 0, 0, 2);
  }

  @Override
  void repackBlock(MemorySegment from, long block, DeviceMatrix to, long number) {
    to.segment(FACTORS).set(INT, 4 * number, from.get(INT, block));
    Repacking.nibbles(from, block + 4, 32, to.segment(LOW), 16 * number);
  }
}

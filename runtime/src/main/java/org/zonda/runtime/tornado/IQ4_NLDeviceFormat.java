package org.zonda.runtime.tornado;

import java.lang.foreign.MemorySegment;
import org.zonda.kernels.PackedLayout;
import org.zonda.model.tensor.TensorType;

/**
 * IQ4_NL: 4 words a block of 32, eight elements a word; a half float, the scale.
 *
 * <p>A stored block: the scale, then 16 bytes with element i in the low and element i + 16 in the
 * high half of byte i.
 */
final class IQ4_NLDeviceFormat extends PackedDeviceFormat {

  IQ4_NLDeviceFormat() {
    super(TensorType.IQ4_NL, PackedLayout.IQ4_NL, 4, 0, 0, 1);
  }

  @Override
  void repackBlock(MemorySegment from, long block, DeviceMatrix to, long number) {
    to.segment(FACTORS).set(SHORT, 2 * number, from.get(SHORT, block));
    Repacking.nibbles(from, block + 2, 32, to.segment(LOW), 16 * number);
  }
}

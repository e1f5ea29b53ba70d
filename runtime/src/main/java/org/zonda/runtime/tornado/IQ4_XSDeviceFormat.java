package org.zonda.runtime.tornado;

import java.lang.foreign.MemorySegment;
import org.zonda.kernels.PackedLayout;
import org.zonda.model.tensor.TensorType;

/**
 * IQ4_XS: 32 words a block of 256, eight elements a word; 6 bytes with eight scales of six bits; a
 * half float, their factor.
 *
 * <p>A stored block: the factor; the high two bits of the scales; their low four; 128 bytes of
 * which each 16 hold 32 elements, the first 16 of them in the low halves.
 */
final class IQ4_XSDeviceFormat extends PackedDeviceFormat {

  IQ4_XSDeviceFormat() {
    super(TensorType.IQ4_XS, PackedLayout.IQ4_XS, 32, 0, 6, 1);
  }

  @Override
  void repackBlock(MemorySegment from, long block, DeviceMatrix to, long number) {
    to.segment(FACTORS).set(SHORT, 2 * number, from.get(SHORT, block));
    to.segment(SCALES).set(INT, 6 * number, from.get(INT, block + 4));
    to.segment(SCALES).set(SHORT, 6 * number + 4, from.get(SHORT, block + 2));
    for (int k = 0; k < 8; k++) {
      Repacking.nibbles(from, block + 8 + 16 * k, 32, to.segment(LOW), 128 * number + 16 * k);
    }
  }
}

package org.zonda.runtime.tornado;

import java.lang.foreign.MemorySegment;
import org.zonda.kernels.PackedLayout;
import org.zonda.model.tensor.TensorType;

/**
 * Q5_K: 32 words a block of 256 with the low four bits of eight elements each; 8 words with the
 * fifth bits; 12 bytes with eight scales and eight minima of six bits; two half floats, their
 * factors.
 *
 * <p>A stored block: the factors; the scales and minima; 32 bytes of fifth bits, elements 32j to
 * 32j + 31 in bit j; 128 bytes of which each 32 hold 64 elements, the first 32 of them in the low
 * halves.
 */
final class Q5_KDeviceFormat extends PackedDeviceFormat {

  Q5_KDeviceFormat() {
    super(TensorType.Q5_K, PackedLayout.Q5_K, 32, 8, 12, 2);
  }

  @Override
  void repackBlock(MemorySegment from, long block, DeviceMatrix to, long number) {
    to.segment(FACTORS).set(INT, 4 * number, from.get(INT, block));
    Repacking.scalesAndMinima(from, block + 4, to.segment(SCALES), 12 * number);
    Repacking.bitsOf256(from, block + 16, to.segment(HIGH), 32 * number);
    for (int k = 0; k < 4; k++) {
      Repacking.nibbles(from, block + 48 + 32 * k, 64, to.segment(LOW), 128 * number + 32 * k);
    }
  }
}

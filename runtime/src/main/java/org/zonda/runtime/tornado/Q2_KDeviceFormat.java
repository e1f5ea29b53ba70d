package org.zonda.runtime.tornado;

import java.lang.foreign.MemorySegment;
import org.zonda.kernels.PackedLayout;
import org.zonda.model.tensor.TensorType;

/**
 * Q2_K: 16 words a block of 256, sixteen elements a word; 16 bytes with sixteen scales of four bits
 * and as many minima; two half floats, their factors.
 *
 * <p>A stored block: 16 bytes, each with a scale in its low and a minimum in its high half; 64
 * bytes of which each 32 hold 128 elements, elements 32j to 32j + 31 in bit pair j; the factors.
 */
final class Q2_KDeviceFormat extends PackedDeviceFormat {

  Q2_KDeviceFormat() {
    super(TensorType.Q2_K, PackedLayout.Q2_K, 16, 0, 16, 2);
  }

  @Override
  void repackBlock(MemorySegment from, long block, DeviceMatrix to, long number) {
    Repacking.nibbles(from, block, 32, to.segment(SCALES), 16 * number);
    Repacking.pairsOf256(from, block + 16, to.segment(LOW), 64 * number);
    to.segment(FACTORS).set(INT, 4 * number, from.get(INT, block + 80));
  }
}

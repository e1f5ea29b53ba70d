package org.zonda.runtime.tornado;

import java.lang.foreign.MemorySegment;
import org.zonda.kernels.PackedLayout;
import org.zonda.model.tensor.TensorType;

/**
 * MXFP4: 4 words a block of 32, eight elements a word; a byte, the exponent.
 *
 * <p>A stored block: the exponent, then 16 bytes with element i in the low and element i + 16 in
 * the high half of byte i.
 */
final class MXFP4DeviceFormat extends PackedDeviceFormat {

  MXFP4DeviceFormat() {
    super(TensorType.MXFP4, PackedLayout.MXFP4, 4, 0, 1, 0);
  }

  @Override
  void repackBlock(MemorySegment from, long block, DeviceMatrix to, long number) {
    to.segment(SCALES).set(BYTE, number, from.get(BYTE, block));
    Repacking.nibbles(from, block + 1, 32, to.segment(LOW), 16 * number);
  }
}

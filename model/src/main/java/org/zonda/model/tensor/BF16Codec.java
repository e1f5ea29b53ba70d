package org.zonda.model.tensor;

import static org.zonda.model.tensor.StorageLayout.SHORT;

import java.lang.foreign.MemorySegment;

/**
 * The upper half of a binary32, little-endian: 2 bytes an element (1 sign, 8 exponent, 7 fraction
 * bits). Encoding rounds to the nearest value, ties to even; NaN stays NaN.
 */
final class BF16Codec implements Codec {
  private static final int QUIET_NAN_BIT = 0x40;

  @Override
  public TensorType type() {
    return TensorType.BF16;
  }

  @Override
  public void decode(
      MemorySegment source, long sourceOffset, float[] target, int targetOffset, int count) {
    CodecBounds.blocks(type(), source, sourceOffset, target, targetOffset, count);
    for (int i = 0; i < count; i++) {
      target[targetOffset + i] =
          Float.intBitsToFloat(source.get(SHORT, sourceOffset + 2L * i) << 16);
    }
  }

  @Override
  public void encode(
      float[] source, int sourceOffset, MemorySegment target, long targetOffset, int count) {
    CodecBounds.blocks(type(), target, targetOffset, source, sourceOffset, count);
    for (int i = 0; i < count; i++) {
      target.set(SHORT, targetOffset + 2L * i, round(source[sourceOffset + i]));
    }
  }

  private static short round(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      // The lower half alone may hold the bits that make it NaN.
      return (short) (bits >>> 16 | QUIET_NAN_BIT);
    }
    int tieToEven = 0x7FFF + (bits >>> 16 & 1);
    return (short) (bits + tieToEven >>> 16);
  }
}

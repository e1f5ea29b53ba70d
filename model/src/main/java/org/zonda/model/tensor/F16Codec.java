package org.zonda.model.tensor;

import static org.zonda.model.tensor.StorageLayout.SHORT;

import java.lang.foreign.MemorySegment;

/**
 * IEEE 754 binary16, little-endian: 2 bytes an element (1 sign, 5 exponent, 10 fraction bits).
 * Encoding rounds to the nearest value, ties to even; beyond 65504 to infinity.
 */
final class F16Codec implements Codec {

  @Override
  public TensorType type() {
    return TensorType.F16;
  }

  @Override
  public void decode(
      MemorySegment source, long sourceOffset, float[] target, int targetOffset, int count) {
    CodecBounds.blocks(type(), source, sourceOffset, target, targetOffset, count);
    for (int i = 0; i < count; i++) {
      target[targetOffset + i] = Float.float16ToFloat(source.get(SHORT, sourceOffset + 2L * i));
    }
  }

  @Override
  public void encode(
      float[] source, int sourceOffset, MemorySegment target, long targetOffset, int count) {
    CodecBounds.blocks(type(), target, targetOffset, source, sourceOffset, count);
    for (int i = 0; i < count; i++) {
      target.set(SHORT, targetOffset + 2L * i, Float.floatToFloat16(source[sourceOffset + i]));
    }
  }
}

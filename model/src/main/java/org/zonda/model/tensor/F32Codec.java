package org.zonda.model.tensor;

import static org.zonda.model.tensor.StorageLayout.FLOAT;

import java.lang.foreign.MemorySegment;

/** IEEE 754 binary32, little-endian: 4 bytes an element. Exact both ways. */
final class F32Codec implements Codec {

  @Override
  public TensorType type() {
    return TensorType.F32;
  }

  @Override
  public void decode(
      MemorySegment source, long sourceOffset, float[] target, int targetOffset, int count) {
    CodecBounds.blocks(type(), source, sourceOffset, target, targetOffset, count);
    MemorySegment.copy(source, FLOAT, sourceOffset, target, targetOffset, count);
  }

  @Override
  public void encode(
      float[] source, int sourceOffset, MemorySegment target, long targetOffset, int count) {
    CodecBounds.blocks(type(), target, targetOffset, source, sourceOffset, count);
    MemorySegment.copy(source, sourceOffset, target, FLOAT, targetOffset, count);
  }
}

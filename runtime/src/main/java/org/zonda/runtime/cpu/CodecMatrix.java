package org.zonda.runtime.cpu;

import java.lang.foreign.MemorySegment;
import org.zonda.model.tensor.Codec;

/**
 * Any format that has a codec, decoded by it. It is the definition that faster kernels are tested
 * against, and what a new format runs on until it has one.
 */
final class CodecMatrix extends DecodedMatrix {

  private final Codec codec;

  CodecMatrix(Kernels kernels, Codec codec) {
    super(kernels);
    this.codec = codec;
  }

  @Override
  public void decode(
      MemorySegment weights, long offset, float[] target, int targetOffset, int count) {
    codec.decode(weights, offset, target, targetOffset, count);
  }
}

package org.zonda.model.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Encodes and decodes. */
final class RoundTrip {

  private RoundTrip() {}

  /** What becomes of numbers, padded with zeros to whole blocks, when a format stores them. */
  static float[] of(TensorType type, float... numbers) {
    Codec codec = Codecs.of(type, "test");
    int block = type.blockElements();
    int count = (numbers.length + block - 1) / block * block;
    float[] padded = Arrays.copyOf(numbers, count);
    MemorySegment bytes = MemorySegment.ofArray(new byte[(int) type.bytes(count)]);
    codec.encode(padded, 0, bytes, 0, count);
    codec.decode(bytes, 0, padded, 0, count);
    return Arrays.copyOf(padded, numbers.length);
  }
}

package org.zonda.model.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** The checks that all codecs share. */
final class CodecBounds {

  private CodecBounds() {}

  /**
   * Checks both sides of a conversion.
   *
   * @return the number of blocks
   * @throws IllegalArgumentException if the count is no whole number of blocks
   * @throws IndexOutOfBoundsException if either side is too short
   */
  static int blocks(
      TensorType type,
      MemorySegment bytes,
      long byteOffset,
      float[] values,
      int offset,
      int count) {
    Objects.checkFromIndexSize(offset, count, values.length);
    Objects.checkFromIndexSize(byteOffset, type.bytes(count), bytes.byteSize());
    return count / type.blockElements();
  }
}

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

  /**
   * Checks that all numbers can be stored.
   *
   * @throws UnstorableNumberException for the first that is not finite or too large
   */
  static void storable(TensorType type, float[] values, int offset, int count, float largest) {
    for (int i = 0; i < count; i++) {
      // So written that not-a-number fails it, too.
      if (!(Math.abs(values[offset + i]) <= largest)) {
        throw new UnstorableNumberException(type, i, values[offset + i], largest);
      }
    }
  }
}

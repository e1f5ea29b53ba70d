package org.zonda.model.tensor;

import java.lang.foreign.MemorySegment;

/**
 * How one {@link TensorType} stores numbers. An implementation is one class with the block's layout
 * documented beside it, stateless and thread-safe, registered with one line in {@link Codecs}.
 *
 * <p>This is the definition that tests compare faster code with; it is written for reading.
 */
public interface Codec {

  /**
   * The type this codec stores.
   *
   * @return its type
   */
  TensorType type();

  /**
   * Decodes whole blocks to floats.
   *
   * @param source the bytes
   * @param sourceOffset the first block's offset in bytes
   * @param target receives the values
   * @param targetOffset index of the first value
   * @param count number of values, a multiple of the block's elements
   * @throws IndexOutOfBoundsException if either side is too short
   */
  void decode(MemorySegment source, long sourceOffset, float[] target, int targetOffset, int count);

  /**
   * Encodes floats to whole blocks. The plain types round to the nearest value, as IEEE 754 has it,
   * and keep infinities and not-a-numbers. The others give the reference quantiser's bytes where
   * that only rounds, and search for scales with less squared error where it searches; they refuse
   * what is not finite, and magnitudes above 65504 where scales have half precision. Nothing is
   * written then.
   *
   * <p>Calls do not disturb each other: threads may encode parts of a tensor at once.
   *
   * @param source the values
   * @param sourceOffset index of the first value
   * @param target receives the bytes
   * @param targetOffset the first block's offset in bytes
   * @param count number of values, a multiple of the block's elements
   * @throws IndexOutOfBoundsException if either side is too short
   * @throws UnstorableNumberException for a number that the format cannot store
   */
  void encode(float[] source, int sourceOffset, MemorySegment target, long targetOffset, int count);
}

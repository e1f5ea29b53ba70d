package org.zonda.model.gguf;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.zonda.model.gguf.MetadataValue.ArrayValue;
import org.zonda.model.tensor.TensorType;

/**
 * What the GGUF specification allows, and the bounds that Zonda adds to keep hostile files small in
 * memory.
 */
final class GgufRules {
  static final int ALIGNMENT_DEFAULT = 32;
  static final String ALIGNMENT_KEY = "general.alignment";

  /** The specification's bound on a key. */
  static final int MAX_KEY_BYTES = 65_535;

  /** Zonda's bounds; known models have under 100 entries and 10 000 tensors. */
  static final int MAX_ENTRIES = 65_536;

  static final int MAX_TENSORS = 1 << 18;
  static final int MAX_ARRAY_LENGTH = 1 << 28;
  static final int MAX_STRING_BYTES = 1 << 28;

  /** An array in an array in ...; known files use one level. */
  static final int MAX_ARRAY_DEPTH = 4;

  static final int MAX_TENSOR_NAME_BYTES = 1024;
  static final int MAX_DIMENSIONS = 4;
  static final int MAX_ALIGNMENT = 1 << 20;

  private GgufRules() {}

  /** Whether tensor data can be aligned so: a power of two from 8 to {@link #MAX_ALIGNMENT}. */
  static boolean isAlignment(long alignment) {
    return alignment >= 8 && alignment <= MAX_ALIGNMENT && Long.bitCount(alignment) == 1;
  }

  static long align(long position, int alignment) {
    return Math.addExact(position, alignment - 1L) & -alignment;
  }

  /** Refuses a key that a reader would refuse. */
  static void checkKey(String key) {
    if (key.isEmpty() || key.length() > MAX_KEY_BYTES || !Text.isPrintableAscii(key)) {
      throw new IllegalArgumentException(
          Text.quote(key) + " is no metadata key; expected 1 to 65535 printable ASCII characters");
    }
  }

  /** Refuses a tensor's name that a reader would refuse. */
  static void checkTensorName(String name) {
    if (name.isEmpty()
        || !StandardCharsets.UTF_8.newEncoder().canEncode(name)
        || name.getBytes(StandardCharsets.UTF_8).length > MAX_TENSOR_NAME_BYTES
        || Text.hasControlCharacter(name)) {
      throw new IllegalArgumentException(
          "%s is no tensor name; expected 1 to %d bytes of text"
              .formatted(Text.quote(name), MAX_TENSOR_NAME_BYTES));
    }
  }

  /** The bytes of a tensor; refuses a shape that a reader would refuse. */
  static long checkedBytes(String name, TensorType type, List<Long> shape) {
    boolean valid = !shape.isEmpty() && shape.size() <= MAX_DIMENSIONS;
    long elements = 1;
    for (long size : shape) {
      valid &= size >= 1;
      elements = Math.multiplyExact(elements, size);
    }
    if (!valid || shape.getFirst() % type.blockElements() != 0) {
      throw new IllegalArgumentException(
          "tensor %s: shape %s of %s; expected 1 to %d dimensions of at least 1, the first a multiple of %d"
              .formatted(Text.quote(name), shape, type, MAX_DIMENSIONS, type.blockElements()));
    }
    return type.bytes(elements);
  }

  /** Refuses arrays that are nested deeper than a reader follows. */
  static void checkNesting(MetadataValue value, int depth) {
    if (value instanceof ArrayValue array && array.elementType() == MetadataType.ARRAY) {
      if (depth == MAX_ARRAY_DEPTH) {
        throw new IllegalArgumentException(
            "arrays are nested deeper than " + MAX_ARRAY_DEPTH + " levels");
      }
      array.values().forEach(element -> checkNesting(element, depth + 1));
    }
  }
}

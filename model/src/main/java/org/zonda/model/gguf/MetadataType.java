package org.zonda.model.gguf;

import java.util.Locale;
import java.util.Optional;

/**
 * The types that a GGUF metadata value can have.
 *
 * <p>Source: {@code gguf_metadata_value_type} in the GGUF specification.
 */
public enum MetadataType {
  UINT8(1),
  INT8(1),
  UINT16(2),
  INT16(2),
  UINT32(4),
  INT32(4),
  FLOAT32(4),
  BOOL(1),
  /** A 64-bit length and that many bytes of UTF-8. */
  STRING(8),
  /** A 32-bit element type, a 64-bit count and the elements. */
  ARRAY(12),
  UINT64(8),
  INT64(8),
  FLOAT64(8);

  private static final MetadataType[] BY_ID = values();

  private final int minimumBytes;

  MetadataType(int minimumBytes) {
    this.minimumBytes = minimumBytes;
  }

  /**
   * Finds a type by its number in a GGUF file.
   *
   * @param id the {@code gguf_metadata_value_type} number
   * @return the type, or empty for a number that no type has
   */
  public static Optional<MetadataType> byId(long id) {
    return id < 0 || id >= BY_ID.length ? Optional.empty() : Optional.of(BY_ID[(int) id]);
  }

  /**
   * The number in a GGUF file.
   *
   * @return the {@code gguf_metadata_value_type} number
   */
  public int id() {
    return ordinal();
  }

  /**
   * Whether values are whole numbers.
   *
   * @return true for the eight integer types
   */
  public boolean isInteger() {
    return switch (this) {
      case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64 -> true;
      case FLOAT32, FLOAT64, BOOL, STRING, ARRAY -> false;
    };
  }

  /**
   * Whether values are floating-point numbers.
   *
   * @return true for the two of them
   */
  public boolean isFloat() {
    return this == FLOAT32 || this == FLOAT64;
  }

  /** The least bytes that one value takes in a file; exact for all but strings and arrays. */
  int minimumBytes() {
    return minimumBytes;
  }

  /**
   * The name that messages and listings use.
   *
   * @return such as {@code uint32}
   */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

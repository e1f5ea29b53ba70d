package org.zonda.model.tensor;

import java.util.Optional;

/**
 * The element types that a GGUF file can name, with the geometry of their blocks. A type's presence
 * here says how many bytes it takes, not that it can be decoded: {@link Codecs} says that.
 *
 * <p>Source: the GGUF specification's {@code ggml_type} enumeration and ggml's block structures.
 */
public enum TensorType {
  F32(0, 1, 4),
  F16(1, 1, 2),
  Q4_0(2, 32, 18),
  Q4_1(3, 32, 20),
  Q5_0(6, 32, 22),
  Q5_1(7, 32, 24),
  Q8_0(8, 32, 34),
  Q8_1(9, 32, 36),
  Q2_K(10, 256, 84),
  Q3_K(11, 256, 110),
  Q4_K(12, 256, 144),
  Q5_K(13, 256, 176),
  Q6_K(14, 256, 210),
  Q8_K(15, 256, 292),
  IQ2_XXS(16, 256, 66),
  IQ2_XS(17, 256, 74),
  IQ3_XXS(18, 256, 98),
  IQ1_S(19, 256, 50),
  IQ4_NL(20, 32, 18),
  IQ3_S(21, 256, 110),
  IQ2_S(22, 256, 82),
  IQ4_XS(23, 256, 136),
  I8(24, 1, 1),
  I16(25, 1, 2),
  I32(26, 1, 4),
  I64(27, 1, 8),
  F64(28, 1, 8),
  IQ1_M(29, 256, 56),
  BF16(30, 1, 2),
  TQ1_0(34, 256, 54),
  TQ2_0(35, 256, 66),
  MXFP4(39, 32, 17),
  NVFP4(40, 64, 36),
  Q1_0(41, 128, 18),
  Q2_0(42, 64, 18);

  private static final TensorType[] BY_ID = new TensorType[64];

  static {
    for (TensorType type : values()) {
      BY_ID[type.id] = type;
    }
  }

  private final int id;
  private final int blockElements;
  private final int blockBytes;

  TensorType(int id, int blockElements, int blockBytes) {
    this.id = id;
    this.blockElements = blockElements;
    this.blockBytes = blockBytes;
  }

  /**
   * Finds a type by its number in a GGUF file.
   *
   * @param id the {@code ggml_type} number
   * @return the type, or empty for a number that no known type has
   */
  public static Optional<TensorType> byId(long id) {
    return id < 0 || id >= BY_ID.length ? Optional.empty() : Optional.ofNullable(BY_ID[(int) id]);
  }

  /**
   * The number in a GGUF file.
   *
   * @return the {@code ggml_type} number
   */
  public int id() {
    return id;
  }

  /**
   * Elements in one block; a row's length is a multiple of it.
   *
   * @return 1 for plain types
   */
  public int blockElements() {
    return blockElements;
  }

  /**
   * Bytes of one block.
   *
   * @return the stored size
   */
  public int blockBytes() {
    return blockBytes;
  }

  /**
   * Bits that an element takes, its share of the block's scales included.
   *
   * @return for example 4.5 for {@link #Q4_K}
   */
  public double bitsPerWeight() {
    return 8.0 * blockBytes / blockElements;
  }

  /**
   * Bytes that a number of elements takes.
   *
   * @param elements a multiple of {@link #blockElements()}
   * @return the size in bytes
   * @throws ArithmeticException if it does not fit in a long
   * @throws IllegalArgumentException if elements is negative or no multiple of the block
   */
  public long bytes(long elements) {
    if (elements < 0 || elements % blockElements != 0) {
      throw new IllegalArgumentException(
          elements + " elements are no whole number of " + name() + " blocks of " + blockElements);
    }
    return Math.multiplyExact(elements / blockElements, (long) blockBytes);
  }
}

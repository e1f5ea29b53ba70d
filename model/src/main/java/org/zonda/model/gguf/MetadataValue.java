package org.zonda.model.gguf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/** One typed value of a GGUF file's metadata. Immutable. */
public sealed interface MetadataValue {

  /**
   * The type as it is stored.
   *
   * @return the GGUF type
   */
  MetadataType type();

  /**
   * A whole number of any width.
   *
   * @param type one of the eight integer types
   * @param value the number; for {@link MetadataType#UINT64} its 64 bits
   */
  record IntegerValue(MetadataType type, long value) implements MetadataValue {

    /** Checks that the number fits its type. */
    public IntegerValue {
      boolean fits =
          switch (type) {
            case UINT8 -> value >= 0 && value <= 0xFFL;
            case INT8 -> value == (byte) value;
            case UINT16 -> value >= 0 && value <= 0xFFFFL;
            case INT16 -> value == (short) value;
            case UINT32 -> value >= 0 && value <= 0xFFFF_FFFFL;
            case INT32 -> value == (int) value;
            case UINT64, INT64 -> true;
            case FLOAT32, FLOAT64, BOOL, STRING, ARRAY -> false;
          };
      if (!fits) {
        throw new IllegalArgumentException(value + " is no " + type);
      }
    }

    @Override
    public String toString() {
      return type == MetadataType.UINT64 ? Long.toUnsignedString(value) : Long.toString(value);
    }
  }

  /**
   * A floating-point number.
   *
   * @param type {@link MetadataType#FLOAT32} or {@link MetadataType#FLOAT64}
   * @param value the number; exact for both types
   */
  record FloatValue(MetadataType type, double value) implements MetadataValue {

    /** Checks that the number fits its type. */
    public FloatValue {
      boolean fits =
          switch (type) {
            case FLOAT32 -> Double.compare(value, (float) value) == 0;
            case FLOAT64 -> true;
            default -> false;
          };
      if (!fits) {
        throw new IllegalArgumentException(value + " is no " + type);
      }
    }

    @Override
    public String toString() {
      return type == MetadataType.FLOAT32 ? Float.toString((float) value) : Double.toString(value);
    }
  }

  /**
   * A truth value.
   *
   * @param value the value
   */
  record BooleanValue(boolean value) implements MetadataValue {
    @Override
    public MetadataType type() {
      return MetadataType.BOOL;
    }

    @Override
    public String toString() {
      return Boolean.toString(value);
    }
  }

  /**
   * A text. Bytes of the file that are no UTF-8 are read as U+FFFD.
   *
   * @param value the text
   */
  record StringValue(String value) implements MetadataValue {

    /** Refuses null. */
    public StringValue {
      Objects.requireNonNull(value, "value");
    }

    @Override
    public MetadataType type() {
      return MetadataType.STRING;
    }

    @Override
    public String toString() {
      return value;
    }
  }

  /**
   * A list of values of one type, decoded when it is asked for. It is kept as the file stores it: a
   * vocabulary of a quarter million strings costs nothing until it is read, and a writer copies the
   * bytes. An array of a closed file throws {@link IllegalStateException}.
   */
  final class ArrayValue implements MetadataValue {
    private final MetadataType elementType;
    private final int size;
    private final ByteBuffer encoded;

    /**
     * Wraps checked bytes.
     *
     * @param encoded exactly the elements as a GGUF file stores them, without type and count
     */
    ArrayValue(MetadataType elementType, int size, ByteBuffer encoded) {
      this.elementType = elementType;
      this.size = size;
      this.encoded = encoded.order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * An array of equally typed values.
     *
     * @param elementType the type of each element
     * @param values the elements, of that type
     * @return the array
     * @throws IllegalArgumentException if an element has another type
     */
    public static ArrayValue of(MetadataType elementType, List<? extends MetadataValue> values) {
      GgufOutput output = new GgufOutput();
      for (MetadataValue value : values) {
        if (value.type() != elementType) {
          throw new IllegalArgumentException(
              "an array of " + elementType + " cannot hold a " + value.type());
        }
        output.value(value);
      }
      return new ArrayValue(elementType, values.size(), output.toBuffer());
    }

    /**
     * An array of strings.
     *
     * @param values the elements
     * @return the array
     */
    public static ArrayValue ofStrings(List<String> values) {
      GgufOutput output = new GgufOutput();
      values.forEach(output::string);
      return new ArrayValue(MetadataType.STRING, values.size(), output.toBuffer());
    }

    /**
     * An array of {@link MetadataType#INT32}.
     *
     * @param values the elements
     * @return the array
     */
    public static ArrayValue ofInts(int... values) {
      GgufOutput output = new GgufOutput();
      for (int value : values) {
        output.int32(value);
      }
      return new ArrayValue(MetadataType.INT32, values.length, output.toBuffer());
    }

    /**
     * An array of {@link MetadataType#FLOAT32}.
     *
     * @param values the elements
     * @return the array
     */
    public static ArrayValue ofFloats(float... values) {
      GgufOutput output = new GgufOutput();
      for (float value : values) {
        output.int32(Float.floatToRawIntBits(value));
      }
      return new ArrayValue(MetadataType.FLOAT32, values.length, output.toBuffer());
    }

    @Override
    public MetadataType type() {
      return MetadataType.ARRAY;
    }

    /**
     * The type of the elements.
     *
     * @return their common type
     */
    public MetadataType elementType() {
      return elementType;
    }

    /**
     * The number of elements.
     *
     * @return at least 0
     */
    public int size() {
      return size;
    }

    /** The elements as a GGUF file stores them, without type and count. */
    ByteBuffer encoded() {
      return encoded;
    }

    /**
     * Decodes all elements.
     *
     * @return an unmodifiable list
     */
    public List<MetadataValue> values() {
      return values(size);
    }

    /**
     * Decodes the first elements.
     *
     * @param limit the most elements to return, at least 0
     * @return an unmodifiable list
     */
    public List<MetadataValue> values(int limit) {
      int count = Math.min(limit, size);
      GgufInput input = GgufInput.ofArray(encoded);
      List<MetadataValue> values = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        values.add(input.value(elementType));
      }
      return Collections.unmodifiableList(values);
    }

    /**
     * Decodes an array of strings.
     *
     * @return an unmodifiable list; bytes that are no UTF-8 are U+FFFD
     * @throws IllegalStateException if the elements are no strings
     */
    public List<String> strings() {
      require(elementType == MetadataType.STRING, "strings");
      List<String> strings = new ArrayList<>(size);
      // One copy, then plain array reads: vocabularies are decoded by a JVM that is still cold.
      byte[] bytes = new byte[encoded.capacity()];
      encoded.get(0, bytes);
      ByteBuffer lengths = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      int position = 0;
      for (int i = 0; i < size; i++) {
        int length = lengths.getInt(position);
        position += Long.BYTES;
        strings.add(new String(bytes, position, length, StandardCharsets.UTF_8));
        position += length;
      }
      return Collections.unmodifiableList(strings);
    }

    /**
     * Decodes an array of any integer type.
     *
     * @return a new array; {@link MetadataType#UINT64} as its 64 bits
     * @throws IllegalStateException if the elements are no integers
     */
    public long[] longs() {
      require(elementType.isInteger(), "integers");
      GgufInput input = GgufInput.ofArray(encoded);
      long[] values = new long[size];
      for (int i = 0; i < size; i++) {
        values[i] = input.integer(elementType);
      }
      return values;
    }

    /**
     * Decodes an array of a floating-point type.
     *
     * @return a new array; {@link MetadataType#FLOAT64} rounded
     * @throws IllegalStateException if the elements are no floating-point numbers
     */
    public float[] floats() {
      require(elementType.isFloat(), "floating-point numbers");
      float[] values = new float[size];
      if (elementType == MetadataType.FLOAT32) {
        encoded.asFloatBuffer().get(values);
      } else {
        for (int i = 0; i < size; i++) {
          values[i] = (float) encoded.getDouble(i * Double.BYTES);
        }
      }
      return values;
    }

    private void require(boolean condition, String expected) {
      if (!condition) {
        throw new IllegalStateException("an array of " + elementType + " holds no " + expected);
      }
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof ArrayValue that
          && elementType == that.elementType
          && size == that.size
          && encoded.equals(that.encoded);
    }

    @Override
    public int hashCode() {
      return 31 * elementType.hashCode() + size;
    }

    @Override
    public String toString() {
      return elementType + "[" + size + "]";
    }
  }
}

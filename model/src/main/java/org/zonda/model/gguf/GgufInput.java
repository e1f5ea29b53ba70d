package org.zonda.model.gguf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A position in the structure of a GGUF file that never leaves its bytes. Each read checks first
 * that its bytes are there, and each count that its elements could be, so that no value of a file
 * makes the reader allocate or loop more than the file's size justifies.
 *
 * <p>Works on a {@link ByteBuffer} and builds texts for messages only when they are needed: this
 * runs before the first token of a cold JVM.
 */
final class GgufInput {
  private final ByteBuffer bytes;
  private final long fileSize;
  private final String label;
  private int position;

  private String kind = "header";
  private int index;
  private int count;
  private String name;

  /**
   * Begins at the first byte.
   *
   * @param bytes the file, or its beginning where it is larger than a buffer can be
   * @param fileSize the bytes of the whole file
   * @param label what messages call the file
   */
  GgufInput(ByteBuffer bytes, long fileSize, String label) {
    this.bytes = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    this.fileSize = fileSize;
    this.label = label;
  }

  /** Reads the elements of an array that was checked when its file was opened. */
  static GgufInput ofArray(ByteBuffer elements) {
    return new GgufInput(elements, elements.capacity(), "array");
  }

  /**
   * Says what is being read, for messages such as {@code tensor 3 of 20 'output.weight'}.
   *
   * @param kind what it is
   * @param index its number, from 0
   * @param count how many there are
   * @param name its name, or null while it is not read yet
   */
  void context(String kind, int index, int count, String name) {
    this.kind = kind;
    this.index = index;
    this.count = count;
    this.name = name;
  }

  int position() {
    return position;
  }

  long remaining() {
    return fileSize - position;
  }

  /** The fault of what is being read: file, context and detail in one line. */
  GgufException fault(String detail, Object... arguments) {
    StringBuilder message = new StringBuilder(label).append(": ").append(kind);
    if (count > 0) {
      message.append(" %d of %d".formatted(index + 1, count));
    }
    if (name != null) {
      message.append(' ').append(Text.quote(name));
    }
    return new GgufException(message.append(": ").append(detail.formatted(arguments)).toString());
  }

  int int32(String field) {
    return bytes.getInt(take(Integer.BYTES, field));
  }

  long uint32(String field) {
    return Integer.toUnsignedLong(int32(field));
  }

  long int64(String field) {
    return bytes.getLong(take(Long.BYTES, field));
  }

  /**
   * A count of things that follow.
   *
   * @param field what is counted, for messages
   * @param minimumBytes the least bytes that one thing takes
   * @param limit the most that is accepted however large the file
   */
  int count(String field, int minimumBytes, int limit) {
    long found = int64(field);
    long room = remaining() / minimumBytes;
    if (found < 0 || found > room) {
      throw fault(
          "%s is %s, but the %d bytes left in the file hold at most %d",
          field, Long.toUnsignedString(found), remaining(), room);
    }
    if (found > limit) {
      throw fault("%s is %d; Zonda reads at most %d", field, found, limit);
    }
    return (int) found;
  }

  /** A name: not empty, UTF-8, without control characters. */
  String name(String field, int maximumBytes) {
    int start = position;
    int length = stringLength(field, -1);
    if (length == 0 || length > maximumBytes) {
      throw fault(
          "%s at byte %d has %d bytes; expected 1 to %d", field, start, length, maximumBytes);
    }
    byte[] raw = raw(length, field);
    String decoded;
    try {
      decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(raw)).toString();
    } catch (CharacterCodingException e) {
      throw fault("%s at byte %d is not valid UTF-8", field, start);
    }
    if (Text.hasControlCharacter(decoded)) {
      throw fault(
          "%s at byte %d, %s, holds a control character", field, start, Text.quote(decoded));
    }
    return decoded;
  }

  /** The type of a value or of an array's elements. */
  MetadataType type(String field) {
    int start = position;
    long id = uint32(field);
    MetadataType type = MetadataType.byId(id).orElse(null);
    if (type == null) {
      throw fault(
          "%s at byte %d is %d; expected 0 to 12 (%s)",
          field,
          start,
          id,
          Stream.of(MetadataType.values())
              .map(MetadataType::toString)
              .collect(Collectors.joining(", ")));
    }
    return type;
  }

  /** A value whose type is known. */
  MetadataValue value(MetadataType type) {
    return switch (type) {
      case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64 ->
          new MetadataValue.IntegerValue(type, integer(type));
      case FLOAT32 -> new MetadataValue.FloatValue(type, Float.intBitsToFloat(int32("value")));
      case FLOAT64 -> new MetadataValue.FloatValue(type, Double.longBitsToDouble(int64("value")));
      case BOOL -> new MetadataValue.BooleanValue(bool());
      case STRING -> new MetadataValue.StringValue(string());
      case ARRAY -> array(1);
    };
  }

  /** A number of an integer type; {@code uint64} as its 64 bits. */
  long integer(MetadataType type) {
    int start = take(type.minimumBytes(), "value");
    return switch (type) {
      case UINT8 -> bytes.get(start) & 0xFFL;
      case INT8 -> bytes.get(start);
      case UINT16 -> bytes.getShort(start) & 0xFFFFL;
      case INT16 -> bytes.getShort(start);
      case UINT32 -> bytes.getInt(start) & 0xFFFF_FFFFL;
      case INT32 -> bytes.getInt(start);
      case UINT64, INT64 -> bytes.getLong(start);
      case FLOAT32, FLOAT64, BOOL, STRING, ARRAY ->
          throw new IllegalArgumentException(type + " is no integer type");
    };
  }

  private boolean bool() {
    int start = take(1, "value");
    int value = bytes.get(start) & 0xFF;
    if (value > 1) {
      throw fault("bool at byte %d is %d; expected 0 or 1", start, value);
    }
    return value == 1;
  }

  /** A text of which bytes that are no UTF-8 become U+FFFD. */
  private String string() {
    return new String(raw(stringLength("string", -1), "string"), StandardCharsets.UTF_8);
  }

  private byte[] raw(int length, String field) {
    byte[] raw = new byte[length];
    bytes.get(take(length, field), raw);
    return raw;
  }

  private int stringLength(String field, int element) {
    int start = position;
    long length = int64(field);
    if (length < 0 || length > remaining()) {
      throw fault(
          "%s%s at byte %d has length %s, but %d bytes are left in the file",
          field,
          element < 0 ? "" : " " + element + " of the array",
          start,
          Long.toUnsignedString(length),
          remaining());
    }
    if (length > GgufRules.MAX_STRING_BYTES) {
      throw fault(
          "%s at byte %d has %d bytes; Zonda reads at most %d",
          field, start, length, GgufRules.MAX_STRING_BYTES);
    }
    return (int) length;
  }

  /** Checks an array to its end and keeps it undecoded. */
  private MetadataValue.ArrayValue array(int depth) {
    MetadataType elementType = type("array element type");
    int length = count("array length", elementType.minimumBytes(), GgufRules.MAX_ARRAY_LENGTH);
    int start = position;
    switch (elementType) {
      case STRING -> {
        for (int i = 0; i < length; i++) {
          take(stringLength("string", i), "string");
        }
      }
      case BOOL -> {
        for (int i = 0; i < length; i++) {
          bool();
        }
      }
      case ARRAY -> {
        if (depth == GgufRules.MAX_ARRAY_DEPTH) {
          throw fault(
              "arrays are nested deeper than %d levels; Zonda reads no more",
              GgufRules.MAX_ARRAY_DEPTH);
        }
        for (int i = 0; i < length; i++) {
          array(depth + 1);
        }
      }
      default -> take((long) length * elementType.minimumBytes(), "array");
    }
    return new MetadataValue.ArrayValue(
        elementType, length, bytes.slice(start, position - start).asReadOnlyBuffer());
  }

  /** Moves on over bytes that are there; returns where they begin. */
  private int take(long count, String field) {
    if (count > remaining()) {
      throw fault(
          "%s at byte %d takes %d bytes, but %d are left; the file is cut short or damaged",
          field, position, count, remaining());
    }
    if (count > bytes.capacity() - position) {
      throw fault("%s at byte %d ends beyond the 2 GiB that Zonda reads", field, position);
    }
    int start = position;
    position += (int) count;
    return start;
  }
}

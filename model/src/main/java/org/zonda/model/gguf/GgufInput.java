package org.zonda.model.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A position in GGUF bytes that never leaves them. Each read checks first that its bytes are there,
 * and each count that its elements could be, so that no value of a file makes the reader allocate
 * or loop more than the file's size justifies.
 */
final class GgufInput {
  /** An array in an array in ... ; the specification sets no limit, known files use one level. */
  static final int MAX_ARRAY_DEPTH = 4;

  private final MemorySegment bytes;
  private final String label;
  private String context = "header";
  private long position;

  GgufInput(MemorySegment bytes, String label) {
    this.bytes = bytes;
    this.label = label;
  }

  /** Says what is being read, for messages: {@code tensor 3 of 20 'output.weight'}. */
  void context(String context) {
    this.context = context;
  }

  long position() {
    return position;
  }

  long remaining() {
    return bytes.byteSize() - position;
  }

  /** The fault of what is being read: file, context and detail in one line. */
  GgufException fault(String detail) {
    return new GgufException(label + ": " + context + ": " + detail);
  }

  int int32(String field) {
    require(Integer.BYTES, field);
    int value = bytes.get(LittleEndian.INT, position);
    position += Integer.BYTES;
    return value;
  }

  long uint32(String field) {
    return Integer.toUnsignedLong(int32(field));
  }

  long int64(String field) {
    require(Long.BYTES, field);
    long value = bytes.get(LittleEndian.LONG, position);
    position += Long.BYTES;
    return value;
  }

  /**
   * A count of things that follow.
   *
   * @param field what is counted, for messages
   * @param minimumBytes the least bytes that one thing takes
   * @param limit the most that is accepted however large the file
   */
  int count(String field, int minimumBytes, int limit) {
    long count = int64(field);
    if (count < 0 || count > remaining() / minimumBytes) {
      throw fault(
          "%s is %s, but the %d bytes left in the file hold at most %d"
              .formatted(
                  field, Long.toUnsignedString(count), remaining(), remaining() / minimumBytes));
    }
    if (count > limit) {
      throw fault("%s is %d; Zonda reads at most %d".formatted(field, count, limit));
    }
    return (int) count;
  }

  /** A text of which bytes that are no UTF-8 become U+FFFD. */
  String string(String field) {
    return new String(rawString(field), StandardCharsets.UTF_8);
  }

  /** A name: not empty, UTF-8, without control characters. */
  String name(String field, int maximumBytes) {
    long start = position;
    byte[] raw = rawString(field);
    if (raw.length == 0 || raw.length > maximumBytes) {
      throw fault(
          "%s at byte %d has %d bytes; expected 1 to %d"
              .formatted(field, start, raw.length, maximumBytes));
    }
    String name;
    try {
      name = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(raw)).toString();
    } catch (CharacterCodingException e) {
      throw fault("%s at byte %d is not valid UTF-8".formatted(field, start));
    }
    if (name.chars().anyMatch(Character::isISOControl)) {
      throw fault("%s at byte %d holds a control character".formatted(field, start));
    }
    return name;
  }

  private byte[] rawString(String field) {
    int length = stringLength(field, -1);
    byte[] raw = new byte[length];
    MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, position, raw, 0, length);
    position += length;
    return raw;
  }

  private int stringLength(String field, int element) {
    long start = position;
    long length = int64(field);
    if (length < 0 || length > remaining() || length > Integer.MAX_VALUE - 8) {
      throw fault(
          "%s%s at byte %d has length %s, but %d bytes are left in the file"
              .formatted(
                  field,
                  element < 0 ? "" : " element " + element,
                  start,
                  Long.toUnsignedString(length),
                  remaining()));
    }
    return (int) length;
  }

  /** The type of a value or of an array's elements. */
  MetadataType type(String field) {
    long start = position;
    long id = uint32(field);
    return MetadataType.byId(id)
        .orElseThrow(
            () ->
                fault(
                    "%s at byte %d is %d; expected 0 to 12 (%s)"
                        .formatted(
                            field,
                            start,
                            id,
                            Stream.of(MetadataType.values())
                                .map(MetadataType::toString)
                                .collect(Collectors.joining(", ")))));
  }

  /** A value whose type is known. */
  MetadataValue value(MetadataType type) {
    return value(type, 1);
  }

  private MetadataValue value(MetadataType type, int depth) {
    return switch (type) {
      case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64 ->
          new MetadataValue.IntegerValue(type, integer(type));
      case FLOAT32 -> new MetadataValue.FloatValue(type, Float.intBitsToFloat(int32("value")));
      case FLOAT64 -> new MetadataValue.FloatValue(type, Double.longBitsToDouble(int64("value")));
      case BOOL -> new MetadataValue.BooleanValue(bool());
      case STRING -> new MetadataValue.StringValue(string("value"));
      case ARRAY -> array(depth);
    };
  }

  /** A number of an integer type; {@code uint64} as its 64 bits. */
  long integer(MetadataType type) {
    require(type.minimumBytes(), "value");
    long start = position;
    position += type.minimumBytes();
    return switch (type) {
      case UINT8 -> bytes.get(ValueLayout.JAVA_BYTE, start) & 0xFFL;
      case INT8 -> bytes.get(ValueLayout.JAVA_BYTE, start);
      case UINT16 -> bytes.get(LittleEndian.SHORT, start) & 0xFFFFL;
      case INT16 -> bytes.get(LittleEndian.SHORT, start);
      case UINT32 -> bytes.get(LittleEndian.INT, start) & 0xFFFF_FFFFL;
      case INT32 -> bytes.get(LittleEndian.INT, start);
      case UINT64, INT64 -> bytes.get(LittleEndian.LONG, start);
      case FLOAT32, FLOAT64, BOOL, STRING, ARRAY ->
          throw new IllegalArgumentException(type + " is no integer type");
    };
  }

  private boolean bool() {
    require(1, "value");
    byte value = bytes.get(ValueLayout.JAVA_BYTE, position);
    if (value != 0 && value != 1) {
      throw fault("bool at byte %d is %d; expected 0 or 1".formatted(position, value & 0xFF));
    }
    position++;
    return value == 1;
  }

  /** Checks an array to its end and keeps it undecoded. */
  private MetadataValue.ArrayValue array(int depth) {
    MetadataType elementType = type("array element type");
    int count = count("array length", elementType.minimumBytes(), Integer.MAX_VALUE - 8);
    long start = position;
    switch (elementType) {
      case STRING -> {
        for (int i = 0; i < count; i++) {
          int length = stringLength("string", i);
          position += length;
        }
      }
      case BOOL -> {
        for (int i = 0; i < count; i++) {
          bool();
        }
      }
      case ARRAY -> {
        if (depth == MAX_ARRAY_DEPTH) {
          throw fault("arrays are nested deeper than %d levels".formatted(MAX_ARRAY_DEPTH));
        }
        for (int i = 0; i < count; i++) {
          array(depth + 1);
        }
      }
      default -> position += (long) count * elementType.minimumBytes();
    }
    return new MetadataValue.ArrayValue(elementType, count, bytes.asSlice(start, position - start));
  }

  private void require(int count, String field) {
    if (remaining() < count) {
      throw fault(
          "%s at byte %d takes %d bytes, but %d are left; the file is cut short or damaged"
              .formatted(field, position, count, remaining()));
    }
  }
}

package org.zonda.model.gguf;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes GGUF bytes field by field, valid or not, and remembers where each field lies. Independent
 * of the production writer, so that reader and writer cannot be wrong alike.
 */
final class RawGguf {
  /** Numbers that the reader must distrust are counts, lengths, sizes and types. */
  enum Kind {
    MAGIC,
    VERSION,
    COUNT,
    LENGTH,
    TYPE,
    DIMENSION,
    OFFSET,
    VALUE,
    TEXT,
    PADDING,
    DATA
  }

  record Field(String name, Kind kind, int offset, int width) {
    int end() {
      return offset + width;
    }

    boolean isStructural() {
      return switch (kind) {
        case VERSION, COUNT, LENGTH, TYPE, DIMENSION, OFFSET -> true;
        case MAGIC, VALUE, TEXT, PADDING, DATA -> false;
      };
    }
  }

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final List<Field> fields = new ArrayList<>();

  static RawGguf header(int version, long tensors, long entries) {
    return new RawGguf()
        .bytes("magic", Kind.MAGIC, "GGUF".getBytes(StandardCharsets.US_ASCII))
        .u32("version", Kind.VERSION, version)
        .u64("number of tensors", Kind.COUNT, tensors)
        .u64("number of metadata entries", Kind.COUNT, entries);
  }

  RawGguf number(String name, Kind kind, int width, long value) {
    byte[] raw = new byte[width];
    for (int i = 0; i < width; i++) {
      raw[i] = (byte) (value >>> (8 * i));
    }
    return bytes(name, kind, raw);
  }

  RawGguf u32(String name, Kind kind, long value) {
    return number(name, kind, 4, value);
  }

  RawGguf u64(String name, Kind kind, long value) {
    return number(name, kind, 8, value);
  }

  RawGguf bytes(String name, Kind kind, byte[] raw) {
    fields.add(new Field(name, kind, bytes.size(), raw.length));
    bytes.writeBytes(raw);
    return this;
  }

  RawGguf string(String name, byte[] text) {
    return u64(name + " length", Kind.LENGTH, text.length).bytes(name, Kind.TEXT, text);
  }

  RawGguf string(String name, String text) {
    return string(name, text.getBytes(StandardCharsets.UTF_8));
  }

  /** A key and the type of its value, which must follow. */
  RawGguf key(String key, MetadataType type) {
    return string("key", key).u32("type of " + key, Kind.TYPE, type.id());
  }

  RawGguf entry(String key, MetadataType type, int width, long value) {
    return key(key, type).number(key, Kind.VALUE, width, value);
  }

  RawGguf entry(String key, String value) {
    return key(key, MetadataType.STRING).string(key, value);
  }

  /** The head of an array, whose elements must follow. */
  RawGguf array(String name, MetadataType elementType, long length) {
    return u32("element type of " + name, Kind.TYPE, elementType.id())
        .u64("length of " + name, Kind.COUNT, length);
  }

  RawGguf tensor(String name, int type, long offset, long... shape) {
    string("tensor name", name).u32("dimensions of " + name, Kind.COUNT, shape.length);
    for (long size : shape) {
      u64("dimension of " + name, Kind.DIMENSION, size);
    }
    return u32("type of " + name, Kind.TYPE, type).u64("offset of " + name, Kind.OFFSET, offset);
  }

  RawGguf pad(int alignment) {
    return bytes("padding", Kind.PADDING, new byte[-bytes.size() & (alignment - 1)]);
  }

  /** Tensor data that count upwards. */
  RawGguf data(int size) {
    byte[] raw = new byte[size];
    for (int i = 0; i < size; i++) {
      raw[i] = (byte) i;
    }
    return bytes("data", Kind.DATA, raw);
  }

  byte[] toBytes() {
    return bytes.toByteArray();
  }

  List<Field> fields() {
    return List.copyOf(fields);
  }
}

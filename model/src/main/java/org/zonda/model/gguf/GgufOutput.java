package org.zonda.model.gguf;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing buffer that encodes GGUF's numbers, strings and values. */
final class GgufOutput {
  private byte[] bytes = new byte[256];
  private int size;

  void int32(long value) {
    integer(value, 4);
  }

  void int64(long value) {
    integer(value, 8);
  }

  void string(String value) {
    byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
    int64(encoded.length);
    ensure(encoded.length);
    System.arraycopy(encoded, 0, bytes, size, encoded.length);
    size += encoded.length;
  }

  /** A value without its type, which precedes it in a file. */
  void value(MetadataValue value) {
    switch (value) {
      case MetadataValue.IntegerValue number ->
          integer(number.value(), number.type().minimumBytes());
      case MetadataValue.FloatValue number -> {
        if (number.type() == MetadataType.FLOAT32) {
          int32(Float.floatToRawIntBits((float) number.value()));
        } else {
          int64(Double.doubleToRawLongBits(number.value()));
        }
      }
      case MetadataValue.BooleanValue flag -> integer(flag.value() ? 1 : 0, 1);
      case MetadataValue.StringValue text -> string(text.value());
      case MetadataValue.ArrayValue array -> {
        int32(array.elementType().id());
        int64(array.size());
        int length = array.encoded().capacity();
        ensure(length);
        array.encoded().get(0, bytes, size, length);
        size += length;
      }
    }
  }

  /** Zeros up to the next multiple of an alignment. */
  void padTo(int alignment) {
    int padding = (int) (-(long) size & (alignment - 1L));
    ensure(padding);
    Arrays.fill(bytes, size, size + padding, (byte) 0);
    size += padding;
  }

  int size() {
    return size;
  }

  /** A read-only view of what was written; write no more afterwards. */
  ByteBuffer toBuffer() {
    return ByteBuffer.wrap(bytes, 0, size).slice().asReadOnlyBuffer();
  }

  private void integer(long value, int width) {
    ensure(width);
    for (int i = 0; i < width; i++) {
      bytes[size++] = (byte) (value >>> (8 * i));
    }
  }

  private void ensure(int more) {
    int needed = Math.addExact(size, more);
    if (needed > bytes.length) {
      bytes =
          Arrays.copyOf(
              bytes, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(2L * bytes.length, needed)));
    }
  }
}

package org.zonda.model.safetensors;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes safetensors files by the format's description, for tests. */
public final class SafetensorsSample {

  private final List<String> entries = new ArrayList<>();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();

  /** Adds a matrix of F32, F16 or BF16. */
  public SafetensorsSample matrix(String name, String type, float[][] rows) {
    int begin = data.size();
    for (float[] row : rows) {
      for (float value : row) {
        data.writeBytes(bytes(type, value));
      }
    }
    return entry(
        "\"%s\":{\"dtype\":\"%s\",\"shape\":[%d,%d],\"data_offsets\":[%d,%d]}"
            .formatted(name, type, rows.length, rows[0].length, begin, data.size()));
  }

  /** Adds an entry of the header as it is. */
  public SafetensorsSample entry(String json) {
    entries.add(json);
    return this;
  }

  private static byte[] bytes(String type, float value) {
    ByteBuffer buffer =
        ByteBuffer.allocate(type.equals("F32") ? 4 : 2).order(ByteOrder.LITTLE_ENDIAN);
    switch (type) {
      case "F32" -> buffer.putFloat(value);
      case "F16" -> buffer.putShort(Float.floatToFloat16(value));
      case "BF16" -> buffer.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
      default -> throw new IllegalArgumentException(type);
    }
    return buffer.array();
  }

  /** The whole file. */
  public byte[] bytes() {
    return bytes("{" + String.join(",", entries) + "}", data.toByteArray());
  }

  static byte[] bytes(String header, byte[] data) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .put(data)
        .array();
  }

  /** Writes the file. */
  public Path write(Path file) {
    try {
      return Files.write(file, bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package org.zonda.app;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.zonda.model.ZondaException;

/**
 * A matrix in NumPy's format, version 1.0 (numpy.lib.format): the magic bytes, the version, the
 * header's length in 2 bytes, a Python dictionary padded so that the data begin at a multiple of
 * 64, and the numbers, little-endian float32, row by row.
 */
final class Npy {

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  private static final int ALIGNMENT = 64;

  private Npy() {}

  /**
   * Writes a matrix.
   *
   * @param rows of one length
   * @param columns that length
   * @return the file's bytes
   * @throws ZondaException if they would be more than an array of Java holds
   */
  static byte[] write(float[][] rows, int columns) {
    String shape =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }"
            .formatted(rows.length, columns);
    int unpadded = MAGIC.length + 2 + shape.length() + 1;
    int header = (unpadded + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    long size = header + 4L * rows.length * columns;
    if (size > Integer.MAX_VALUE - 16) {
      throw new ZondaException(
          "%d rows of %d numbers are too many for one .npy file; embed fewer texts at once"
              .formatted(rows.length, columns));
    }
    ByteBuffer buffer = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
    buffer.put(MAGIC).putShort((short) (header - MAGIC.length - 2));
    buffer.put(shape.getBytes(StandardCharsets.US_ASCII));
    while (buffer.position() < header - 1) {
      buffer.put((byte) ' ');
    }
    buffer.put((byte) '\n');
    for (float[] row : rows) {
      for (float value : row) {
        buffer.putFloat(value);
      }
    }
    return buffer.array();
  }
}

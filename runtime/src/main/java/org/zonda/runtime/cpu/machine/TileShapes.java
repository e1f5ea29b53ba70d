package org.zonda.runtime.cpu.machine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What AMX is told about the tile registers before they are used: 64 bytes, of which byte 0 is the
 * palette, 16-bit words from byte 16 on the bytes in a row of each tile, and bytes from 48 on their
 * rows (Intel's manual, volume 1, chapter 18).
 */
final class TileShapes {

  static final int BYTES = 64;

  private static final int ROW_BYTES = 16;
  private static final int ROWS = 48;

  private TileShapes() {}

  /**
   * Writes the shapes for a product of {@link TileProductCode}.
   *
   * @param tokens 1 to 32
   * @param rows 1 to 32
   */
  static void write(MemorySegment target, int tokens, int rows) {
    target.fill((byte) 0);
    target.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
    for (int t = 0; t < 2; t++) {
      int tileTokens = Math.clamp(tokens - 16 * t, 0, 16);
      shape(target, TileProductCode.activations(t), tileTokens, 64);
      for (int p = 0; p < 2; p++) {
        int tileRows = Math.clamp(rows - 16 * p, 0, 16);
        shape(target, TileProductCode.sums(t, p), tileTokens, 4 * tileRows);
        shape(target, TileProductCode.weights(p), 16, 4 * tileRows);
      }
    }
  }

  private static void shape(MemorySegment target, int tile, int rows, int rowBytes) {
    boolean used = rows > 0 && rowBytes > 0;
    target.set(ValueLayout.JAVA_SHORT, ROW_BYTES + 2 * tile, (short) (used ? rowBytes : 0));
    target.set(ValueLayout.JAVA_BYTE, ROWS + tile, (byte) (used ? rows : 0));
  }
}

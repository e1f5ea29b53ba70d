package org.zonda.tornado.simulator;

import java.util.List;
import uk.ac.manchester.tornado.api.types.HalfFloat;

/**
 * Products of small matrices by a sub-group of 32 items, each of which holds a fragment of every
 * matrix. The fragments are those of the PTX ISA ("Matrix Fragments for mma.m16n8k16",
 * "mma.m16n8k32" and "ldmatrix"); with g = lane / 4 and t = lane % 4
 *
 * <ul>
 *   <li>the accumulator (16 x 8): rows g and g + 8, columns 2t and 2t + 1;
 *   <li>the left factor (16 rows of 32 bytes): four words, of row g, g + 8, g, g + 8, the first two
 *       at byte 4t, the others at byte 16 + 4t;
 *   <li>the right factor (16 lines of 8 pairs of bytes): two words, of lines 2t and 2t + 1, then 2t
 *       + 8 and 2t + 9, at pair g. A pair is one half-precision number or two signed bytes.
 * </ul>
 *
 * Sums are added up in single precision in the order of the columns; a device's order is its own.
 */
final class TensorCore {
  private static final int ROWS = 16;
  private static final int COLUMNS = 8;
  private static final int LINES = 16;

  private TensorCore() {}

  /** The words of a lane's fragment of a left factor that begins at a byte of a local array. */
  static int[] left(int[] tile, int byteOffset, int lane) {
    int first = aligned(byteOffset);
    int[] words = new int[4];
    for (int i = 0; i < words.length; i++) {
      int row = lane / 4 + i % 2 * 8;
      words[i] = Monitor.load(tile, first + row * 8 + i / 2 * 4 + lane % 4);
    }
    return words;
  }

  /** The words of a lane's fragment of a right factor that begins at a byte of a local array. */
  static int[] right(int[] tile, int byteOffset, int lane) {
    int first = aligned(byteOffset);
    int[] words = new int[2];
    for (int i = 0; i < words.length; i++) {
      int line = lane % 4 * 2 + i * 8;
      words[i] = pair(tile, first, line, lane / 4) | pair(tile, first, line + 1, lane / 4) << 16;
    }
    return words;
  }

  private static int pair(int[] tile, int first, int line, int column) {
    int word = Monitor.load(tile, first + line * 4 + column / 2);
    return column % 2 == 0 ? word & 0xffff : word >> 16 & 0xffff;
  }

  private static int aligned(int byteOffset) {
    if (byteOffset % 16 != 0) {
      throw Launch.current()
          .fault(
              FaultKind.OUT_OF_BOUNDS,
              "a tile at byte " + byteOffset + ", which is not a multiple of 16");
    }
    return byteOffset / 4;
  }

  static HalfFloat[] halves(int[] words) {
    HalfFloat[] values = new HalfFloat[2 * words.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = new HalfFloat((short) (words[i / 2] >> i % 2 * 16));
    }
    return values;
  }

  static byte[] bytes(int[] words) {
    byte[] values = new byte[4 * words.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) (words[i / 4] >> i % 4 * 8);
    }
    return values;
  }

  /** Gives each lane its part of the product of half-precision factors plus the accumulator. */
  static void multiplyHalves(List<WorkItem> lanes) {
    float[][] a = new float[ROWS][LINES];
    float[][] b = new float[LINES][COLUMNS];
    for (int lane = 0; lane < lanes.size(); lane++) {
      WorkItem item = lanes.get(lane);
      for (int i = 0; i < 8; i++) {
        a[lane / 4 + i / 2 % 2 * 8][lane % 4 * 2 + i % 2 + i / 4 * 8] =
            item.leftHalves[i].getFloat32();
      }
      for (int i = 0; i < 4; i++) {
        b[lane % 4 * 2 + i % 2 + i / 2 * 8][lane / 4] = item.rightHalves[i].getFloat32();
      }
    }
    for (int lane = 0; lane < lanes.size(); lane++) {
      WorkItem item = lanes.get(lane);
      float[] sums = item.floats.clone();
      for (int i = 0; i < sums.length; i++) {
        for (int k = 0; k < LINES; k++) {
          sums[i] += a[row(lane, i)][k] * b[k][column(lane, i)];
        }
      }
      item.floats = sums;
    }
  }

  /** Gives each lane its part of the product of factors of signed bytes plus the accumulator. */
  static void multiplyBytes(List<WorkItem> lanes) {
    int[][] a = new int[ROWS][2 * LINES];
    int[][] b = new int[2 * LINES][COLUMNS];
    for (int lane = 0; lane < lanes.size(); lane++) {
      WorkItem item = lanes.get(lane);
      for (int i = 0; i < 16; i++) {
        a[lane / 4 + i / 4 % 2 * 8][lane % 4 * 4 + i % 4 + i / 8 * 16] = item.leftBytes[i];
      }
      for (int i = 0; i < 8; i++) {
        b[lane % 4 * 4 + i % 4 + i / 4 * 16][lane / 4] = item.rightBytes[i];
      }
    }
    for (int lane = 0; lane < lanes.size(); lane++) {
      WorkItem item = lanes.get(lane);
      int[] sums = item.ints.clone();
      for (int i = 0; i < sums.length; i++) {
        for (int k = 0; k < 2 * LINES; k++) {
          sums[i] += a[row(lane, i)][k] * b[k][column(lane, i)];
        }
      }
      item.ints = sums;
    }
  }

  /** The row of an element of a lane's accumulator. */
  static int row(int lane, int element) {
    return lane / 4 + element / 2 * 8;
  }

  /** The column of an element of a lane's accumulator. */
  static int column(int lane, int element) {
    return lane % 4 * 2 + element % 2;
  }
}

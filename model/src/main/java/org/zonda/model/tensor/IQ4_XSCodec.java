package org.zonda.model.tensor;

import static org.zonda.model.tensor.StorageLayout.BYTE;
import static org.zonda.model.tensor.StorageLayout.SHORT;

import java.lang.foreign.MemorySegment;

/**
 * 4-bit codes of unevenly spaced levels with a scale for every 32, and a scale of the scales for
 * every 256.
 *
 * <pre>
 * 256 elements in 136 bytes:
 *   0    2  d  scale of the scales, half precision
 *   2    2  high 2 bits of the scales: those of group g are bits 2 * g and up
 *   4    4  low 4 bits of the scales, two a byte
 *   8  128  the codes: 16 bytes for each group of 32
 * </pre>
 *
 * <p>Byte l of a group holds the code of its element l in the lower 4 bits and of element l + 16 in
 * the upper. A value is {@code d * (scale - 32) * level(code)}, with {@link Levels#NON_LINEAR}.
 *
 * <p>Encoding: {@link ScaleGroups}.
 *
 * <p>Source: ggml's {@code block_iq4_xs} and its table of values.
 */
final class IQ4_XSCodec extends BlockCodec {
  private static final int GROUP = 32;
  private static final int HALF = GROUP / 2;
  private static final int GROUPS = 8;
  private static final int HIGH = 2;
  private static final int LOW = 4;
  private static final int CODES = 8;
  private static final int SCALE_OFFSET = 32;
  private static final Levels LEVELS = Levels.NON_LINEAR;
  private static final ScaleGroups SCALED = new ScaleGroups(GROUPS, GROUP, LEVELS, -SCALE_OFFSET);

  IQ4_XSCodec() {
    super(TensorType.IQ4_XS);
  }

  @Override
  void decodeBlock(MemorySegment source, long block, float[] target, int first) {
    float d = Float.float16ToFloat(source.get(SHORT, block));
    int high = source.get(SHORT, block + HIGH);
    for (int g = 0; g < GROUPS; g++) {
      int low = source.get(BYTE, block + LOW + g / 2) >> g % 2 * 4 & 15;
      float step = d * ((low | (high >> 2 * g & 3) << 4) - SCALE_OFFSET);
      for (int i = 0; i < HALF; i++) {
        int pair = source.get(BYTE, block + CODES + g * HALF + i);
        target[first + g * GROUP + i] = step * LEVELS.level(pair & 15);
        target[first + g * GROUP + HALF + i] = step * LEVELS.level(pair >> 4 & 15);
      }
    }
  }

  @Override
  void encodeBlock(
      float[] source, int first, MemorySegment target, long block, Workspace workspace) {
    SCALED.encode(source, first, workspace);
    target.set(SHORT, block, workspace.scaleUnit);
    int[] bits = workspace.scaleBits;
    int high = 0;
    for (int g = 0; g < GROUPS; g++) {
      high |= bits[g] + SCALE_OFFSET >> 4 << 2 * g;
    }
    target.set(SHORT, block + HIGH, (short) high);
    for (int g = 0; g < GROUPS; g += 2) {
      int low = bits[g] + SCALE_OFFSET & 15 | (bits[g + 1] + SCALE_OFFSET & 15) << 4;
      target.set(BYTE, block + LOW + g / 2, (byte) low);
    }
    byte[] codes = workspace.numbers;
    for (int g = 0; g < GROUPS; g++) {
      for (int i = 0; i < HALF; i++) {
        int pair = codes[g * GROUP + i] | codes[g * GROUP + HALF + i] << 4;
        target.set(BYTE, block + CODES + g * HALF + i, (byte) pair);
      }
    }
  }
}

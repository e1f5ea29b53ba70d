package org.zonda.model.tensor;

import static org.zonda.model.tensor.StorageLayout.BYTE;
import static org.zonda.model.tensor.StorageLayout.SHORT;

import java.lang.foreign.MemorySegment;

/**
 * 3-bit numbers with a scale for every 16, and a scale of the scales for every 256.
 *
 * <pre>
 * 256 elements in 110 bytes:
 *   0   32  high bits of the numbers: bit k of byte l is that of element 32 * k + l
 *  32   64  low 2 bits of the numbers, four a byte: {@link TwoBits}
 *  96   12  sixteen scales of 6 bits, one for 16 elements
 * 108    2  d  scale of the scales, half precision
 * </pre>
 *
 * <p>The 12 bytes b: scale j has its low 4 bits in b[j % 8], the first eight scales below and the
 * last eight above, and its high 2 bits in bits 2 * (j / 4) and up of b[8 + j % 4]. A value is
 * {@code d * (scale - 32) * (number - 4)}.
 *
 * <p>Encoding: {@link ScaleGroups}.
 *
 * <p>Source: the definition of {@code block_q3_K} in ggml.
 */
final class Q3_KCodec extends BlockCodec {

  private static final int ELEMENTS = 256;
  private static final int GROUP = 16;
  private static final int GROUPS = 16;
  private static final int HIGHS = 32;
  private static final int LOW = 32;
  private static final int SCALES = 96;
  private static final int SCALE = 108;
  private static final int SCALE_OFFSET = 32;
  private static final int OFFSET = 4;
  private static final ScaleGroups SCALED =
      new ScaleGroups(GROUPS, GROUP, Levels.between(-OFFSET, OFFSET - 1), -SCALE_OFFSET);

  Q3_KCodec() {
    super(TensorType.Q3_K);
  }

  @Override
  void decodeBlock(MemorySegment source, long block, float[] target, int first) {
    float d = Float.float16ToFloat(source.get(SHORT, block + SCALE));
    for (int e = 0; e < ELEMENTS; e++) {
      float step = d * scale(source, block + SCALES, e / GROUP);
      int high = source.get(BYTE, block + e % HIGHS) >> e / HIGHS & 1;
      int number = TwoBits.get(source, block + LOW, e) | high << 2;
      target[first + e] = step * (number - OFFSET);
    }
  }

  private static int scale(MemorySegment source, long scales, int j) {
    int low = source.get(BYTE, scales + j % 8) >> j / 8 * 4 & 15;
    int high = source.get(BYTE, scales + 8 + j % 4) >> j / 4 * 2 & 3;
    return (low | high << 4) - SCALE_OFFSET;
  }

  @Override
  void encodeBlock(
      float[] source, int first, MemorySegment target, long block, Workspace workspace) {
    SCALED.encode(source, first, workspace);
    target.set(SHORT, block + SCALE, workspace.scaleUnit);
    putScales(target, block + SCALES, workspace.scaleBits);
    byte[] numbers = workspace.numbers;
    for (int l = 0; l < HIGHS; l++) {
      int highs = 0;
      for (int k = 0; k < ELEMENTS / HIGHS; k++) {
        highs |= numbers[HIGHS * k + l] >> 2 << k;
      }
      target.set(BYTE, block + l, (byte) highs);
    }
    TwoBits.put(target, block + LOW, numbers, 0);
  }

  private static void putScales(MemorySegment target, long scales, int[] bits) {
    for (int j = 0; j < 8; j++) {
      int low = bits[j] + SCALE_OFFSET & 15 | (bits[j + 8] + SCALE_OFFSET & 15) << 4;
      target.set(BYTE, scales + j, (byte) low);
    }
    for (int j = 0; j < 4; j++) {
      int high = 0;
      for (int k = 0; k < 4; k++) {
        high |= bits[4 * k + j] + SCALE_OFFSET >> 4 << 2 * k;
      }
      target.set(BYTE, scales + 8 + j, (byte) high);
    }
  }
}

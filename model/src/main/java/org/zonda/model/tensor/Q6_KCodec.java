package org.zonda.model.tensor;

import static org.zonda.model.tensor.StorageLayout.BYTE;
import static org.zonda.model.tensor.StorageLayout.SHORT;

import java.lang.foreign.MemorySegment;

/**
 * 6-bit numbers with a scale for every 16, and a scale of the scales for every 256.
 *
 * <pre>
 * 256 elements in 210 bytes:
 *   0  128  low 4 bits of the numbers, two a byte
 * 128   64  high 2 bits of the numbers, four a byte: {@link TwoBits}
 * 192   16  scales, signed bytes, one for each 16 elements
 * 208    2  scale of the scales, half precision
 * </pre>
 *
 * <p>Elements come in two halves of 128; byte l of a half's 64 low bytes holds the low bits of its
 * elements l (lower 4 bits) and l + 64 (upper 4 bits). A value is {@code scale of scales * scale *
 * (number - 32)}.
 *
 * <p>Encoding: {@link ScaleGroups}.
 *
 * <p>Source: the definition of {@code block_q6_K} in ggml.
 */
final class Q6_KCodec extends BlockCodec {

  private static final int ELEMENTS = 256;
  private static final int GROUP = 16;
  private static final int GROUPS = 16;
  private static final int HIGH = 128;
  private static final int SCALES = 192;
  private static final int SCALE = 208;
  private static final int OFFSET = 32;
  private static final ScaleGroups SCALED =
      new ScaleGroups(GROUPS, GROUP, Levels.between(-OFFSET, OFFSET - 1), -128);

  Q6_KCodec() {
    super(TensorType.Q6_K);
  }

  @Override
  void decodeBlock(MemorySegment source, long block, float[] target, int first) {
    float scale = Float.float16ToFloat(source.get(SHORT, block + SCALE));
    for (int e = 0; e < ELEMENTS; e++) {
      int low = source.get(BYTE, block + e / 128 * 64 + e % 64) >> e % 128 / 64 * 4 & 15;
      int high = TwoBits.get(source, block + HIGH, e);
      byte group = source.get(BYTE, block + SCALES + e / GROUP);
      target[first + e] = scale * group * ((high << 4 | low) - OFFSET);
    }
  }

  @Override
  void encodeBlock(
      float[] source, int first, MemorySegment target, long block, Workspace workspace) {
    SCALED.encode(source, first, workspace);
    target.set(SHORT, block + SCALE, workspace.scaleUnit);
    for (int g = 0; g < GROUPS; g++) {
      target.set(BYTE, block + SCALES + g, (byte) workspace.scaleBits[g]);
    }
    byte[] numbers = workspace.numbers;
    for (int half = 0; half < 2; half++) {
      for (int l = 0; l < 64; l++) {
        int e = half * 128 + l;
        int both = numbers[e] & 15 | numbers[e + 64] << 4;
        target.set(BYTE, block + half * 64 + l, (byte) both);
      }
    }
    TwoBits.put(target, block + HIGH, numbers, 4);
  }
}

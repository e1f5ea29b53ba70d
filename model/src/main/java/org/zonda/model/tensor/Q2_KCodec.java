package org.zonda.model.tensor;

import static org.zonda.model.tensor.StorageLayout.BYTE;
import static org.zonda.model.tensor.StorageLayout.SHORT;

import java.lang.foreign.MemorySegment;

/**
 * 2-bit numbers with a scale and a minimum for every 16, and a scale of each for every 256.
 *
 * <pre>
 * 256 elements in 84 bytes:
 *   0   16  for each 16 elements a scale (lower 4 bits) and a minimum (upper 4 bits)
 *  16   64  the numbers, four a byte: {@link TwoBits}
 *  80    2  d      scale of the scales, half precision
 *  82    2  dmin   scale of the minimums, half precision
 * </pre>
 *
 * <p>A value is {@code d * scale * number - dmin * minimum}.
 *
 * <p>Encoding: {@link LineGroups}.
 *
 * <p>Source: the definition of {@code block_q2_K} in ggml.
 */
final class Q2_KCodec extends BlockCodec {

  private static final int ELEMENTS = 256;
  private static final int GROUP = 16;
  private static final int GROUPS = 16;
  private static final int NUMBERS = 16;
  private static final int SCALE = 80;
  private static final int MINIMUM = 82;
  private static final LineGroups LINES = new LineGroups(GROUPS, GROUP, 3, 15);

  Q2_KCodec() {
    super(TensorType.Q2_K);
  }

  @Override
  void decodeBlock(MemorySegment source, long block, float[] target, int first) {
    float d = Float.float16ToFloat(source.get(SHORT, block + SCALE));
    float dmin = Float.float16ToFloat(source.get(SHORT, block + MINIMUM));
    for (int e = 0; e < ELEMENTS; e++) {
      int both = source.get(BYTE, block + e / GROUP);
      float step = d * (both & 15);
      float minimum = dmin * (both >> 4 & 15);
      target[first + e] = step * TwoBits.get(source, block + NUMBERS, e) - minimum;
    }
  }

  @Override
  void encodeBlock(
      float[] source, int first, MemorySegment target, long block, Workspace workspace) {
    LINES.encode(source, first, workspace);
    target.set(SHORT, block + SCALE, workspace.scaleUnit);
    target.set(SHORT, block + MINIMUM, workspace.minimumUnit);
    for (int g = 0; g < GROUPS; g++) {
      int both = workspace.scaleBits[g] | workspace.minimumBits[g] << 4;
      target.set(BYTE, block + g, (byte) both);
    }
    TwoBits.put(target, block + NUMBERS, workspace.numbers, 0);
  }
}

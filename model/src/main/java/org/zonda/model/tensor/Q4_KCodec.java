package org.zonda.model.tensor;

import static org.zonda.model.tensor.StorageLayout.BYTE;
import static org.zonda.model.tensor.StorageLayout.SHORT;

import java.lang.foreign.MemorySegment;

/**
 * 4-bit numbers with a scale and a minimum for every 32, and a scale of each for every 256.
 *
 * <pre>
 * 256 elements in 144 bytes:
 *   0    2  d      scale of the scales, half precision
 *   2    2  dmin   scale of the minimums, half precision
 *   4   12  eight scales and eight minimums of 6 bits, one of each for 32 elements: {@link SixBits}
 *  16  128  the numbers, two a byte
 * </pre>
 *
 * <p>The numbers come in four pairs of groups: each has 32 bytes, byte l of which holds element l
 * of the first group in its lower 4 bits and element l of the second in its upper. A value is
 * {@code d * scale * number - dmin * minimum}.
 *
 * <p>Encoding: {@link LineGroups}.
 *
 * <p>Source: the definition of {@code block_q4_K} in ggml.
 */
final class Q4_KCodec extends BlockCodec {

  private static final int GROUP = 32;
  private static final int GROUPS = 8;
  private static final int MINIMUM = 2;
  private static final int SIXES = 4;
  private static final int NUMBERS = 16;
  private static final LineGroups LINES = new LineGroups(GROUPS, GROUP, 15, 63);

  Q4_KCodec() {
    super(TensorType.Q4_K);
  }

  @Override
  void decodeBlock(MemorySegment source, long block, float[] target, int first) {
    float d = Float.float16ToFloat(source.get(SHORT, block));
    float dmin = Float.float16ToFloat(source.get(SHORT, block + MINIMUM));
    for (int g = 0; g < GROUPS; g++) {
      float step = d * SixBits.scale(source, block + SIXES, g);
      float minimum = dmin * SixBits.minimum(source, block + SIXES, g);
      long numbers = block + NUMBERS + g / 2 * GROUP;
      int shift = g % 2 * 4;
      for (int i = 0; i < GROUP; i++) {
        int number = source.get(BYTE, numbers + i) >> shift & 15;
        target[first + g * GROUP + i] = step * number - minimum;
      }
    }
  }

  @Override
  void encodeBlock(
      float[] source, int first, MemorySegment target, long block, Workspace workspace) {
    LINES.encode(source, first, workspace);
    target.set(SHORT, block, workspace.scaleUnit);
    target.set(SHORT, block + MINIMUM, workspace.minimumUnit);
    SixBits.put(target, block + SIXES, workspace.scaleBits, workspace.minimumBits);
    byte[] numbers = workspace.numbers;
    for (int pair = 0; pair < GROUPS / 2; pair++) {
      for (int i = 0; i < GROUP; i++) {
        int e = 2 * pair * GROUP + i;
        int both = numbers[e] | numbers[e + GROUP] << 4;
        target.set(BYTE, block + NUMBERS + pair * GROUP + i, (byte) both);
      }
    }
  }
}

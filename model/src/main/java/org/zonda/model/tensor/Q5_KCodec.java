package org.zonda.model.tensor;

import static org.zonda.model.tensor.StorageLayout.BYTE;
import static org.zonda.model.tensor.StorageLayout.SHORT;

import java.lang.foreign.MemorySegment;

/**
 * 5-bit numbers with a scale and a minimum for every 32, and a scale of each for every 256.
 *
 * <pre>
 * 256 elements in 176 bytes:
 *   0    2  d      scale of the scales, half precision
 *   2    2  dmin   scale of the minimums, half precision
 *   4   12  eight scales and eight minimums of 6 bits, one of each for 32 elements: {@link SixBits}
 *  16   32  fifth bits: bit g of byte l is that of element l of group g
 *  48  128  low 4 bits of the numbers, two a byte
 * </pre>
 *
 * <p>The low bits come in four pairs of groups: each has 32 bytes, byte l of which holds element l
 * of the first group in its lower 4 bits and element l of the second in its upper. A value is
 * {@code d * scale * number - dmin * minimum}.
 *
 * <p>Encoding: {@link LineGroups}.
 *
 * <p>Source: the definition of {@code block_q5_K} in ggml.
 */
final class Q5_KCodec extends BlockCodec {

  private static final int GROUP = 32;
  private static final int GROUPS = 8;
  private static final int MINIMUM = 2;
  private static final int SIXES = 4;
  private static final int HIGH = 16;
  private static final int LOW = 48;
  private static final LineGroups LINES = new LineGroups(GROUPS, GROUP, 31, 63);

  Q5_KCodec() {
    super(TensorType.Q5_K);
  }

  @Override
  void decodeBlock(MemorySegment source, long block, float[] target, int first) {
    float d = Float.float16ToFloat(source.get(SHORT, block));
    float dmin = Float.float16ToFloat(source.get(SHORT, block + MINIMUM));
    for (int g = 0; g < GROUPS; g++) {
      float step = d * SixBits.scale(source, block + SIXES, g);
      float minimum = dmin * SixBits.minimum(source, block + SIXES, g);
      long low = block + LOW + g / 2 * GROUP;
      int shift = g % 2 * 4;
      for (int i = 0; i < GROUP; i++) {
        int fifth = source.get(BYTE, block + HIGH + i) >> g & 1;
        int number = source.get(BYTE, low + i) >> shift & 15 | fifth << 4;
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
    for (int i = 0; i < GROUP; i++) {
      int fifths = 0;
      for (int g = 0; g < GROUPS; g++) {
        fifths |= numbers[g * GROUP + i] >> 4 << g;
      }
      target.set(BYTE, block + HIGH + i, (byte) fifths);
      for (int pair = 0; pair < GROUPS / 2; pair++) {
        int e = 2 * pair * GROUP + i;
        int both = numbers[e] & 15 | numbers[e + GROUP] << 4;
        target.set(BYTE, block + LOW + pair * GROUP + i, (byte) both);
      }
    }
  }
}

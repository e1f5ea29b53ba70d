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
 *   4   12  eight scales and eight minimums of 6 bits, one of each for 32 elements
 *  16  128  the numbers, two a byte
 * </pre>
 *
 * <p>The 12 bytes b: scale j and minimum j of the first four groups are the low 6 bits of b[j] and
 * b[j + 4]. Those of the last four, j from 4 to 7, have their low 4 bits in b[j + 4], scale below
 * and minimum above, and their high 2 bits in the high 2 bits of b[j - 4] and b[j].
 *
 * <p>The numbers come in four pairs of groups: each has 32 bytes, byte l of which holds element l
 * of the first group in its lower 4 bits and element l of the second in its upper. A value is
 * {@code d * scale * number - dmin * minimum}.
 *
 * <p>Encoding: each group takes, of a few dozen scales, the one that leaves the least squared error
 * with the minimum that suits it best. Elements must be finite.
 *
 * <p>Source: the definition of {@code block_q4_K} in ggml.
 */
final class Q4_KCodec implements Codec {

  private static final int ELEMENTS = 256;
  private static final int GROUP = 32;
  private static final int GROUPS = ELEMENTS / GROUP;
  private static final int BYTES = 144;
  private static final int MINIMUM = 2;
  private static final int SIXES = 4;
  private static final int NUMBERS = 16;
  private static final int MOST = 15;
  private static final int MOST_SIX = 63;

  @Override
  public TensorType type() {
    return TensorType.Q4_K;
  }

  @Override
  public void decode(
      MemorySegment source, long sourceOffset, float[] target, int targetOffset, int count) {
    int blocks = CodecBounds.blocks(type(), source, sourceOffset, target, targetOffset, count);
    for (int b = 0; b < blocks; b++) {
      long block = sourceOffset + (long) b * BYTES;
      float d = Float.float16ToFloat(source.get(SHORT, block));
      float dmin = Float.float16ToFloat(source.get(SHORT, block + MINIMUM));
      for (int g = 0; g < GROUPS; g++) {
        float step = d * scale(source, block + SIXES, g);
        float minimum = dmin * minimum(source, block + SIXES, g);
        long numbers = block + numbers(g);
        int first = targetOffset + b * ELEMENTS + g * GROUP;
        for (int i = 0; i < GROUP; i++) {
          int number = source.get(BYTE, numbers + i) >> shift(g) & 15;
          target[first + i] = step * number - minimum;
        }
      }
    }
  }

  private static int numbers(int group) {
    return NUMBERS + group / 2 * GROUP;
  }

  private static int shift(int group) {
    return group % 2 * 4;
  }

  private static int scale(MemorySegment source, long sixes, int group) {
    return group < 4
        ? source.get(BYTE, sixes + group) & 63
        : source.get(BYTE, sixes + group + 4) & 15
            | (source.get(BYTE, sixes + group - 4) >> 6 & 3) << 4;
  }

  private static int minimum(MemorySegment source, long sixes, int group) {
    return group < 4
        ? source.get(BYTE, sixes + group + 4) & 63
        : source.get(BYTE, sixes + group + 4) >> 4 & 15
            | (source.get(BYTE, sixes + group) >> 6 & 3) << 4;
  }

  @Override
  public void encode(
      float[] source, int sourceOffset, MemorySegment target, long targetOffset, int count) {
    int blocks = CodecBounds.blocks(type(), target, targetOffset, source, sourceOffset, count);
    for (int b = 0; b < blocks; b++) {
      encodeBlock(source, sourceOffset + b * ELEMENTS, target, targetOffset + (long) b * BYTES);
    }
  }

  private static void encodeBlock(float[] x, int from, MemorySegment target, long block) {
    float[] steps = new float[GROUPS];
    float[] minimums = new float[GROUPS];
    for (int g = 0; g < GROUPS; g++) {
      Q4_KFit fit = Q4_KFit.of(x, from + g * GROUP, GROUP);
      steps[g] = fit.step();
      minimums[g] = fit.minimum();
    }
    target.asSlice(block, BYTES).fill((byte) 0);
    float d = putScale(target, block, steps);
    float dmin = putScale(target, block + MINIMUM, minimums);
    for (int g = 0; g < GROUPS; g++) {
      int scale = sixBits(steps[g], d);
      int minimum = sixBits(minimums[g], dmin);
      putSixes(target, block + SIXES, g, scale, minimum);
      float step = d * scale;
      float lowest = dmin * minimum;
      for (int i = 0; i < GROUP; i++) {
        float value = x[from + g * GROUP + i] + lowest;
        int number = step == 0 ? 0 : Math.clamp((int) Math.rint(value / step), 0, MOST);
        or(target, block + numbers(g) + i, number << shift(g));
      }
    }
  }

  /** Writes what the largest of eight numbers needs to become 63; returns it as it is read. */
  private static float putScale(MemorySegment target, long offset, float[] numbers) {
    float largest = 0;
    for (float number : numbers) {
      largest = Math.max(largest, number);
    }
    short half = Float.floatToFloat16(largest / MOST_SIX);
    target.set(SHORT, offset, half);
    return Float.float16ToFloat(half);
  }

  private static int sixBits(float number, float scale) {
    return scale == 0 ? 0 : Math.clamp((int) Math.rint(number / scale), 0, MOST_SIX);
  }

  private static void putSixes(
      MemorySegment target, long sixes, int group, int scale, int minimum) {
    if (group < 4) {
      or(target, sixes + group, scale);
      or(target, sixes + group + 4, minimum);
    } else {
      or(target, sixes + group + 4, scale & 15 | (minimum & 15) << 4);
      or(target, sixes + group - 4, scale >> 4 << 6);
      or(target, sixes + group, minimum >> 4 << 6);
    }
  }

  private static void or(MemorySegment target, long offset, int bits) {
    target.set(BYTE, offset, (byte) (target.get(BYTE, offset) | bits));
  }
}

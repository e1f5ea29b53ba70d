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
 * 128   64  high 2 bits of the numbers, four a byte
 * 192   16  scales, signed bytes, one for each 16 elements
 * 208    2  scale of the scales, half precision
 * </pre>
 *
 * Elements come in two halves of 128. Within a half, byte l of its 64 low bytes holds the low bits
 * of elements l (lower 4 bits) and l + 64 (upper 4 bits), and byte l of its 32 high bytes holds the
 * high bits of elements l, l + 32, l + 64 and l + 96, lowest first. A value is {@code scale of
 * scales * scale * (number - 32)}.
 *
 * <p>Source: the definition of {@code block_q6_K} in ggml.
 */
final class Q6_KCodec implements Codec {

  private static final int ELEMENTS = 256;
  private static final int GROUP = 16;
  private static final int BYTES = 210;
  private static final int HIGH = 128;
  private static final int SCALES = 192;
  private static final int SCALE = 208;

  @Override
  public TensorType type() {
    return TensorType.Q6_K;
  }

  @Override
  public void decode(
      MemorySegment source, long sourceOffset, float[] target, int targetOffset, int count) {
    CodecBounds.blocks(type(), source, sourceOffset, target, targetOffset, count);
    for (int i = 0; i < count; i += ELEMENTS) {
      long block = sourceOffset + (long) (i / ELEMENTS) * BYTES;
      float scale = Float.float16ToFloat(source.get(SHORT, block + SCALE));
      for (int e = 0; e < ELEMENTS; e++) {
        int low = source.get(BYTE, block + lowByte(e)) >> lowShift(e) & 15;
        int high = source.get(BYTE, block + highByte(e)) >> highShift(e) & 3;
        byte group = source.get(BYTE, block + SCALES + e / GROUP);
        target[targetOffset + i + e] = scale * group * ((high << 4 | low) - 32);
      }
    }
  }

  private static int lowByte(int element) {
    return element / 128 * 64 + element % 64;
  }

  private static int lowShift(int element) {
    return element % 128 / 64 * 4;
  }

  private static int highByte(int element) {
    return HIGH + element / 128 * 32 + element % 32;
  }

  private static int highShift(int element) {
    return element % 128 / 32 * 2;
  }

  @Override
  public void encode(
      float[] source, int sourceOffset, MemorySegment target, long targetOffset, int count) {
    CodecBounds.blocks(type(), target, targetOffset, source, sourceOffset, count);
    for (int i = 0; i < count; i += ELEMENTS) {
      encodeBlock(source, sourceOffset + i, target, targetOffset + (long) (i / ELEMENTS) * BYTES);
    }
  }

  private static void encodeBlock(float[] x, int from, MemorySegment target, long block) {
    float[] scales = new float[ELEMENTS / GROUP];
    float largest = 0;
    for (int g = 0; g < scales.length; g++) {
      scales[g] = bestScale(x, from + g * GROUP);
      if (Math.abs(scales[g]) > Math.abs(largest)) {
        largest = scales[g];
      }
    }
    target.asSlice(block, BYTES).fill((byte) 0);
    if (Math.abs(largest) < 1e-15f) {
      return;
    }
    float inverse = -128 / largest;
    short half = Float.floatToFloat16(1 / inverse);
    target.set(SHORT, block + SCALE, half);
    float scale = Float.float16ToFloat(half);
    for (int g = 0; g < scales.length; g++) {
      byte rounded = (byte) Math.min(127, Math.rint(inverse * scales[g]));
      target.set(BYTE, block + SCALES + g, rounded);
      float step = scale * rounded;
      for (int e = g * GROUP; e < (g + 1) * GROUP; e++) {
        int number = step == 0 ? 32 : (int) Math.clamp(Math.rint(x[from + e] / step), -32, 31) + 32;
        or(target, block + lowByte(e), (number & 15) << lowShift(e));
        or(target, block + highByte(e), number >> 4 << highShift(e));
      }
    }
  }

  private static void or(MemorySegment target, long offset, int bits) {
    byte old = target.get(BYTE, offset);
    target.set(BYTE, offset, (byte) (old | bits));
  }

  /**
   * The scale for 16 values that leaves the least squared error weighted by the values' squares,
   * among 19 near the one that maps the value of largest magnitude to -32.
   */
  private static float bestScale(float[] x, int from) {
    float largest = 0;
    for (int i = 0; i < GROUP; i++) {
      if (Math.abs(x[from + i]) > Math.abs(largest)) {
        largest = x[from + i];
      }
    }
    if (Math.abs(largest) < 1e-15f) {
      return 0;
    }
    float best = 0;
    float scale = 0;
    for (int trial = 0; trial <= 18; trial++) {
      // The unchanged scale comes first and wins ties.
      int nudge = trial == 0 ? 0 : trial <= 9 ? trial - 10 : trial - 9;
      float inverse = -(32 + 0.1f * nudge) / largest;
      float products = 0;
      float squares = 0;
      for (int i = 0; i < GROUP; i++) {
        float value = x[from + i];
        float number = (float) Math.clamp(Math.rint(inverse * value), -32, 31);
        float weight = value * value;
        products += weight * value * number;
        squares += weight * number * number;
      }
      if (squares > 0 && products * products > best * squares) {
        scale = products / squares;
        best = scale * products;
      }
    }
    return scale;
  }
}

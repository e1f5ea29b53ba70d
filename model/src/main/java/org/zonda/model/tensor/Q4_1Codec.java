package org.zonda.model.tensor;

import static org.zonda.model.tensor.StorageLayout.BYTE;
import static org.zonda.model.tensor.StorageLayout.SHORT;

import java.lang.foreign.MemorySegment;

/**
 * Blocks of 32 elements in 20 bytes: 4-bit integers with one scale and one minimum.
 *
 * <pre>
 * byte  0..1   d      binary16, the scale
 * byte  2..3   m      binary16, the minimum, of either sign
 * byte  4..19  qs[i]  low nibble q[i], high nibble q[i + 16]
 * x[j] = d * q[j] + m
 * </pre>
 *
 * <p>Encoding: {@code m} is the least element and {@code d} a fifteenth of the range; {@code q =
 * min(15, trunc((x - m) / d + 0.5))} with both unrounded.
 *
 * <p>Source: ggml's {@code block_q4_1} and its reference quantiser.
 */
final class Q4_1Codec extends BlockCodec {
  private static final int ELEMENTS = 32;
  private static final int HALF = ELEMENTS / 2;
  private static final int MINIMUM = 2;
  private static final int QUANTS = 4;
  private static final int MOST = 15;

  Q4_1Codec() {
    super(TensorType.Q4_1);
  }

  @Override
  void decodeBlock(MemorySegment source, long block, float[] target, int first) {
    float scale = Float.float16ToFloat(source.get(SHORT, block));
    float minimum = Float.float16ToFloat(source.get(SHORT, block + MINIMUM));
    for (int i = 0; i < HALF; i++) {
      int pair = source.get(BYTE, block + QUANTS + i);
      target[first + i] = scale * (pair & 0xF) + minimum;
      target[first + HALF + i] = scale * (pair >>> 4 & 0xF) + minimum;
    }
  }

  @Override
  void encodeBlock(
      float[] source, int first, MemorySegment target, long block, Workspace workspace) {
    float minimum = Extremes.least(source, first, ELEMENTS);
    float scale = (Extremes.greatest(source, first, ELEMENTS) - minimum) / MOST;
    float inverse = Rounding.inverse(scale);
    target.set(SHORT, block, Float.floatToFloat16(scale));
    target.set(SHORT, block + MINIMUM, Float.floatToFloat16(minimum));
    for (int i = 0; i < HALF; i++) {
      int low = quantise((source[first + i] - minimum) * inverse);
      int high = quantise((source[first + HALF + i] - minimum) * inverse);
      target.set(BYTE, block + QUANTS + i, (byte) (low | high << 4));
    }
  }

  private static int quantise(float steps) {
    return Math.min(MOST, (int) (steps + 0.5f));
  }
}

package org.zonda.model.tensor;

import static org.zonda.model.tensor.StorageLayout.BYTE;
import static org.zonda.model.tensor.StorageLayout.INT;
import static org.zonda.model.tensor.StorageLayout.SHORT;

import java.lang.foreign.MemorySegment;

/**
 * Blocks of 32 elements in 24 bytes: 5-bit integers with one scale and one minimum.
 *
 * <pre>
 * byte  0..1   d      binary16, the scale
 * byte  2..3   m      binary16, the minimum, of either sign
 * byte  4..7   qh     bit j is the fifth bit of q[j]
 * byte  8..23  qs[i]  low nibble: low 4 bits of q[i], high nibble: those of q[i + 16]
 * x[j] = d * q[j] + m
 * </pre>
 *
 * <p>Encoding: {@code m} is the least element and {@code d} one part in 31 of the range; {@code q =
 * min(31, trunc((x - m) / d + 0.5))} with both unrounded.
 *
 * <p>Source: ggml's {@code block_q5_1} and its reference quantiser.
 */
final class Q5_1Codec extends BlockCodec {
  private static final int ELEMENTS = 32;
  private static final int HALF = ELEMENTS / 2;
  private static final int MINIMUM = 2;
  private static final int HIGH = 4;
  private static final int QUANTS = 8;
  private static final int MOST = 31;

  Q5_1Codec() {
    super(TensorType.Q5_1);
  }

  @Override
  void decodeBlock(MemorySegment source, long block, float[] target, int first) {
    float scale = Float.float16ToFloat(source.get(SHORT, block));
    float minimum = Float.float16ToFloat(source.get(SHORT, block + MINIMUM));
    int high = source.get(INT, block + HIGH);
    for (int i = 0; i < HALF; i++) {
      int pair = source.get(BYTE, block + QUANTS + i);
      target[first + i] = scale * (pair & 0xF | (high >>> i & 1) << 4) + minimum;
      target[first + HALF + i] =
          scale * (pair >>> 4 & 0xF | (high >>> HALF + i & 1) << 4) + minimum;
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
    int fifth = 0;
    for (int i = 0; i < HALF; i++) {
      int low = quantise((source[first + i] - minimum) * inverse);
      int high = quantise((source[first + HALF + i] - minimum) * inverse);
      target.set(BYTE, block + QUANTS + i, (byte) (low & 0xF | high << 4));
      fifth |= low >> 4 << i | high >> 4 << HALF + i;
    }
    target.set(INT, block + HIGH, fifth);
  }

  private static int quantise(float steps) {
    return Math.min(MOST, (int) (steps + 0.5f));
  }
}

package org.zonda.model.tensor;

import static org.zonda.model.tensor.StorageLayout.BYTE;
import static org.zonda.model.tensor.StorageLayout.INT;
import static org.zonda.model.tensor.StorageLayout.SHORT;

import java.lang.foreign.MemorySegment;

/**
 * Blocks of 32 elements in 22 bytes: 5-bit integers with one scale.
 *
 * <pre>
 * byte  0..1   d      binary16, the scale
 * byte  2..5   qh     bit j is the fifth bit of q[j]
 * byte  6..21  qs[i]  low nibble: low 4 bits of q[i], high nibble: those of q[i + 16]
 * x[j] = d * (q[j] - 16)
 * </pre>
 *
 * <p>Encoding: {@code d = m / -16}, where {@code m} is the element of the largest magnitude with
 * its sign; {@code q = min(31, trunc(x / d + 16.5))} with the unrounded scale.
 *
 * <p>Source: ggml's {@code block_q5_0} and its reference quantiser.
 */
final class Q5_0Codec extends BlockCodec {
  private static final int ELEMENTS = 32;
  private static final int HALF = ELEMENTS / 2;
  private static final int HIGH = 2;
  private static final int QUANTS = 6;

  Q5_0Codec() {
    super(TensorType.Q5_0);
  }

  @Override
  void decodeBlock(MemorySegment source, long block, float[] target, int first) {
    float scale = Float.float16ToFloat(source.get(SHORT, block));
    int high = source.get(INT, block + HIGH);
    for (int i = 0; i < HALF; i++) {
      int pair = source.get(BYTE, block + QUANTS + i);
      target[first + i] = scale * ((pair & 0xF | (high >>> i & 1) << 4) - 16);
      target[first + HALF + i] = scale * ((pair >>> 4 & 0xF | (high >>> HALF + i & 1) << 4) - 16);
    }
  }

  @Override
  void encodeBlock(
      float[] source, int first, MemorySegment target, long block, Workspace workspace) {
    float scale = Extremes.farthest(source, first, ELEMENTS) / -16;
    float inverse = Rounding.inverse(scale);
    target.set(SHORT, block, Float.floatToFloat16(scale));
    int fifth = 0;
    for (int i = 0; i < HALF; i++) {
      int low = quantise(source[first + i] * inverse);
      int high = quantise(source[first + HALF + i] * inverse);
      target.set(BYTE, block + QUANTS + i, (byte) (low & 0xF | high << 4));
      fifth |= low >> 4 << i | high >> 4 << HALF + i;
    }
    target.set(INT, block + HIGH, fifth);
  }

  private static int quantise(float steps) {
    return Math.min(31, (int) (steps + 16.5f));
  }
}

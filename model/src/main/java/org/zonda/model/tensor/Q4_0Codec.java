package org.zonda.model.tensor;

import static org.zonda.model.tensor.StorageLayout.BYTE;
import static org.zonda.model.tensor.StorageLayout.SHORT;

import java.lang.foreign.MemorySegment;

/**
 * Blocks of 32 elements in 18 bytes: 4-bit integers with one scale.
 *
 * <pre>
 * byte  0..1   d      binary16, the scale
 * byte  2..17  qs[i]  low nibble q[i], high nibble q[i + 16]
 * x[j] = d * (q[j] - 8)
 * </pre>
 *
 * <p>Encoding: {@code d = m / -8}, where {@code m} is the element of the largest magnitude with its
 * sign, so that it becomes exactly -8 steps; {@code q = min(15, trunc(x / d + 8.5))} with the
 * unrounded scale.
 *
 * <p>Source: ggml's {@code block_q4_0} and its reference quantiser.
 */
final class Q4_0Codec extends BlockCodec {
  private static final int ELEMENTS = 32;
  private static final int HALF = ELEMENTS / 2;
  private static final int QUANTS = 2;

  Q4_0Codec() {
    super(TensorType.Q4_0);
  }

  @Override
  void decodeBlock(MemorySegment source, long block, float[] target, int first) {
    float scale = Float.float16ToFloat(source.get(SHORT, block));
    for (int i = 0; i < HALF; i++) {
      int pair = source.get(BYTE, block + QUANTS + i);
      target[first + i] = scale * ((pair & 0xF) - 8);
      target[first + HALF + i] = scale * ((pair >>> 4 & 0xF) - 8);
    }
  }

  @Override
  void encodeBlock(
      float[] source, int first, MemorySegment target, long block, Workspace workspace) {
    float scale = Extremes.farthest(source, first, ELEMENTS) / -8;
    float inverse = Rounding.inverse(scale);
    target.set(SHORT, block, Float.floatToFloat16(scale));
    for (int i = 0; i < HALF; i++) {
      int low = quantise(source[first + i] * inverse);
      int high = quantise(source[first + HALF + i] * inverse);
      target.set(BYTE, block + QUANTS + i, (byte) (low | high << 4));
    }
  }

  private static int quantise(float steps) {
    return Math.min(15, (int) (steps + 8.5f));
  }
}

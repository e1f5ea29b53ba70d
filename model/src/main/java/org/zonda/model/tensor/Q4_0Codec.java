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
 * unrounded scale. Elements must be finite.
 *
 * <p>Source: ggml's {@code block_q4_0} and its reference quantiser.
 */
final class Q4_0Codec implements Codec {
  private static final int ELEMENTS = 32;
  private static final int HALF = ELEMENTS / 2;
  private static final int BYTES = 18;
  private static final int QUANTS = 2;

  @Override
  public TensorType type() {
    return TensorType.Q4_0;
  }

  @Override
  public void decode(
      MemorySegment source, long sourceOffset, float[] target, int targetOffset, int count) {
    int blocks = CodecBounds.blocks(type(), source, sourceOffset, target, targetOffset, count);
    for (int b = 0; b < blocks; b++) {
      long block = sourceOffset + (long) b * BYTES;
      int first = targetOffset + b * ELEMENTS;
      float scale = Float.float16ToFloat(source.get(SHORT, block));
      for (int i = 0; i < HALF; i++) {
        int pair = source.get(BYTE, block + QUANTS + i);
        target[first + i] = scale * ((pair & 0xF) - 8);
        target[first + HALF + i] = scale * ((pair >>> 4 & 0xF) - 8);
      }
    }
  }

  @Override
  public void encode(
      float[] source, int sourceOffset, MemorySegment target, long targetOffset, int count) {
    int blocks = CodecBounds.blocks(type(), target, targetOffset, source, sourceOffset, count);
    for (int b = 0; b < blocks; b++) {
      long block = targetOffset + (long) b * BYTES;
      int first = sourceOffset + b * ELEMENTS;
      float scale = extreme(source, first) / -8;
      float inverse = scale == 0 ? 0 : 1 / scale;
      target.set(SHORT, block, Float.floatToFloat16(scale));
      for (int i = 0; i < HALF; i++) {
        int low = quantise(source[first + i] * inverse);
        int high = quantise(source[first + HALF + i] * inverse);
        target.set(BYTE, block + QUANTS + i, (byte) (low | high << 4));
      }
    }
  }

  /** The element of the largest magnitude, the first of equals. */
  private static float extreme(float[] source, int first) {
    float extreme = 0;
    for (int j = 0; j < ELEMENTS; j++) {
      float value = source[first + j];
      if (Math.abs(value) > Math.abs(extreme)) {
        extreme = value;
      }
    }
    return extreme;
  }

  private static int quantise(float steps) {
    return Math.min(15, (int) (steps + 8.5f));
  }
}

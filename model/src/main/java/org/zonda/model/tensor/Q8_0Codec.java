package org.zonda.model.tensor;

import static org.zonda.model.tensor.StorageLayout.BYTE;
import static org.zonda.model.tensor.StorageLayout.SHORT;

import java.lang.foreign.MemorySegment;

/**
 * Blocks of 32 elements in 34 bytes: 8-bit integers with one scale.
 *
 * <pre>
 * byte  0..1   d     binary16, the scale
 * byte  2..33  q[j]  int8, element j
 * x[j] = d * q[j]
 * </pre>
 *
 * <p>Encoding: {@code d = max|x| / 127}; {@code q} is {@code x / d} with the unrounded scale,
 * rounded to the nearest integer, halves away from zero.
 *
 * <p>Source: ggml's {@code block_q8_0} and its reference quantiser.
 */
final class Q8_0Codec extends BlockCodec {
  private static final int ELEMENTS = 32;
  private static final int QUANTS = 2;

  Q8_0Codec() {
    super(TensorType.Q8_0);
  }

  @Override
  void decodeBlock(MemorySegment source, long block, float[] target, int first) {
    float scale = Float.float16ToFloat(source.get(SHORT, block));
    for (int j = 0; j < ELEMENTS; j++) {
      target[first + j] = scale * source.get(BYTE, block + QUANTS + j);
    }
  }

  @Override
  void encodeBlock(
      float[] source, int first, MemorySegment target, long block, Workspace workspace) {
    float scale = Math.abs(Extremes.farthest(source, first, ELEMENTS)) / 127;
    float inverse = Rounding.inverse(scale);
    target.set(SHORT, block, Float.floatToFloat16(scale));
    for (int j = 0; j < ELEMENTS; j++) {
      target.set(BYTE, block + QUANTS + j, (byte) roundHalfAway(source[first + j] * inverse));
    }
  }

  /** C's {@code roundf}; in double, where adding a half to a float of this size is exact. */
  private static int roundHalfAway(float value) {
    return (int) (value + Math.copySign(0.5, value));
  }
}

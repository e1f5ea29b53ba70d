package org.zonda.model.tensor;

import static org.zonda.model.tensor.StorageLayout.BYTE;
import static org.zonda.model.tensor.StorageLayout.SHORT;

import java.lang.foreign.MemorySegment;

/**
 * Blocks of 32 elements in 18 bytes: 4-bit codes of unevenly spaced levels with one scale.
 *
 * <pre>
 * byte  0..1   d      binary16, the scale, of either sign
 * byte  2..17  qs[i]  low nibble code[i], high nibble code[i + 16]
 * x[j] = d * level(code[j])
 * </pre>
 *
 * <p>The levels are {@link Levels#NON_LINEAR}. Encoding: {@link ScaleFit}.
 *
 * <p>Source: ggml's {@code block_iq4_nl} and its table of values.
 */
final class IQ4_NLCodec extends BlockCodec {
  private static final int ELEMENTS = 32;
  private static final int HALF = ELEMENTS / 2;
  private static final int CODES = 2;
  private static final Levels LEVELS = Levels.NON_LINEAR;

  IQ4_NLCodec() {
    super(TensorType.IQ4_NL);
  }

  @Override
  void decodeBlock(MemorySegment source, long block, float[] target, int first) {
    float scale = Float.float16ToFloat(source.get(SHORT, block));
    for (int i = 0; i < HALF; i++) {
      int pair = source.get(BYTE, block + CODES + i);
      target[first + i] = scale * LEVELS.level(pair & 0xF);
      target[first + HALF + i] = scale * LEVELS.level(pair >>> 4 & 0xF);
    }
  }

  @Override
  void encodeBlock(
      float[] source, int first, MemorySegment target, long block, Workspace workspace) {
    workspace.scale.fit(source, first, ELEMENTS, LEVELS);
    short half = Float.floatToFloat16(workspace.scale.scale());
    target.set(SHORT, block, half);
    float scale = Float.float16ToFloat(half);
    float inverse = Rounding.inverse(scale);
    for (int i = 0; i < HALF; i++) {
      int low = LEVELS.nearestCode(source[first + i] * inverse);
      int high = LEVELS.nearestCode(source[first + HALF + i] * inverse);
      target.set(BYTE, block + CODES + i, (byte) (low | high << 4));
    }
  }
}

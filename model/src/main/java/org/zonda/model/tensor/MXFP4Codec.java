package org.zonda.model.tensor;

import static org.zonda.model.tensor.StorageLayout.BYTE;

import java.lang.foreign.MemorySegment;

/**
 * Blocks of 32 elements in 17 bytes: 4-bit floats (1 sign, 2 exponent, 1 fraction bit) with a power
 * of two as their scale.
 *
 * <pre>
 * byte  0      e      the scale is 2^(e - 127)
 * byte  1..16  qs[i]  low nibble code[i], high nibble code[i + 16]
 * x[j] = 2^(e - 127) * (0, 0.5, 1, 1.5, 2, 3, 4 or 6; negative where the code's highest bit is set)
 * </pre>
 *
 * <p>Both zeros decode to the positive one. The specification makes {@code e = 255} not-a-number;
 * like ggml this reads it as a scale of 2^128, so that its largest elements are infinite.
 *
 * <p>Encoding: the specification's scale brings the exponent of the largest magnitude to that of 4,
 * which cuts what is above 6 of them; twice that scale is taken where its squared error is less.
 * Any finite number can be encoded.
 *
 * <p>Source: OCP Microscaling Formats (MX) 1.0 and ggml's {@code block_mxfp4}.
 */
final class MXFP4Codec extends BlockCodec {
  private static final int ELEMENTS = 32;
  private static final int HALF = ELEMENTS / 2;
  private static final int CODES = 1;
  private static final int BIAS = 127;
  private static final int LARGEST_SCALE = 254;
  private static final int SIGN = 8;
  private static final int LARGEST_CODE = 7;

  /** Twice what the codes stand for, which are integers. */
  private static final byte[] TWICE = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

  MXFP4Codec() {
    super(TensorType.MXFP4);
  }

  @Override
  float largest() {
    return Float.MAX_VALUE;
  }

  @Override
  void decodeBlock(MemorySegment source, long block, float[] target, int first) {
    float scale = halfScale(source.get(BYTE, block) & 0xFF);
    for (int i = 0; i < HALF; i++) {
      int pair = source.get(BYTE, block + CODES + i);
      target[first + i] = scale * TWICE[pair & 0xF];
      target[first + HALF + i] = scale * TWICE[pair >>> 4 & 0xF];
    }
  }

  /** Half the scale, which goes with twice the numbers; 2^-128 is a denormal float. */
  private static float halfScale(int e) {
    return Math.scalb(1f, e - BIAS - 1);
  }

  @Override
  void encodeBlock(
      float[] source, int first, MemorySegment target, long block, Workspace workspace) {
    float farthest = Extremes.farthest(source, first, ELEMENTS);
    int e = Math.max(0, Math.getExponent(farthest) - 2 + BIAS);
    if (e < LARGEST_SCALE && error(source, first, e + 1) < error(source, first, e)) {
      e++;
    }
    target.set(BYTE, block, (byte) e);
    for (int i = 0; i < HALF; i++) {
      int low = code(source[first + i], e);
      int high = code(source[first + HALF + i], e);
      target.set(BYTE, block + CODES + i, (byte) (low | high << 4));
    }
  }

  /** Rounds to the nearest code, to the even one where two are, as the specification has it. */
  private static int code(float value, int e) {
    // In double, where dividing by a power of two is exact.
    double magnitude = Math.abs((double) value) / (2.0 * halfScale(e));
    // Steps of a half below 2, of 1 below 4, of 2 above; the last of one is the first of the next.
    double nearest =
        magnitude < 2
            ? Math.rint(2 * magnitude)
            : magnitude < 4 ? Math.rint(magnitude) + 2 : Math.rint(magnitude / 2) + 4;
    int code = (int) Math.min(nearest, LARGEST_CODE);
    return value < 0 && code != 0 ? code | SIGN : code;
  }

  private static double error(float[] x, int first, int e) {
    float scale = halfScale(e);
    double error = 0;
    for (int i = first; i < first + ELEMENTS; i++) {
      // The product is a float, as decoded: one that is infinite must count as such.
      float decoded = scale * TWICE[code(x[i], e)];
      double difference = x[i] - (double) decoded;
      error += difference * difference;
    }
    return error;
  }
}

package org.zonda.runtime.cpu;

/**
 * Half-precision numbers to floats and back. The JIT compiles these plain loops to the machine's
 * own conversion instructions, which the Vector API cannot name.
 */
final class HalfFloats {

  private HalfFloats() {}

  static void decode(short[] source, int from, float[] target, int to, int n) {
    for (int i = 0; i < n; i++) {
      target[to + i] = Float.float16ToFloat(source[from + i]);
    }
  }

  static void encode(float[] source, int from, short[] target, int to, int n) {
    for (int i = 0; i < n; i++) {
      target[to + i] = Float.floatToFloat16(source[from + i]);
    }
  }
}

package org.zonda.runtime.cpu.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The product with halves against its definition, bit for bit, and that it writes nothing else. */
class HalfProductTest {

  private final SplittableRandom random = new SplittableRandom(1);
  private HalfProduct product;

  @BeforeEach
  void find() {
    assumeTrue(
        HalfProduct.find().isPresent(),
        "no machine code of AVX-512 here: " + MachineCode.reason().orElse("an older processor"));
    product = HalfProduct.find().get();
  }

  private float[] floats(int n) {
    float[] floats = new float[n];
    for (int i = 0; i < n; i++) {
      floats[i] = (float) random.nextGaussian();
    }
    return floats;
  }

  private short[] halves(int n) {
    short[] halves = new short[n];
    for (int i = 0; i < n; i++) {
      halves[i] = Float.floatToFloat16((float) random.nextGaussian());
    }
    return halves;
  }

  @ParameterizedTest
  @CsvSource({
    "1, 64, 64", "2, 64, 64", "3, 64, 64", "4, 64, 64", "5, 64, 64", "6, 64, 64", "7, 3, 64",
    "12, 64, 64", "29, 5, 64", "1, 1, 16", "4, 7, 32", "6, 7, 48", "5, 7, 16", "4, 64, 128",
    "3, 80, 80", "8, 2, 112"
  })
  void equalsTheDefinition(int rows, int inner, int columns) {
    int aStride = inner + 3;
    int mStride = columns + 16;
    int outStride = columns + 5;
    float[] a = floats(rows * aStride + 2);
    short[] m = halves(inner * mStride + 7);
    float[] out = floats(rows * outStride + 9);
    float[] expected = out.clone();
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        float sum = expected[4 + r * outStride + c];
        for (int i = 0; i < inner; i++) {
          sum = Math.fma(Float.float16ToFloat(m[7 + i * mStride + c]), a[2 + r * aStride + i], sum);
        }
        expected[4 + r * outStride + c] = sum;
      }
    }
    product.multiplyAdd(
        a, 2, aStride, rows, inner, m, 7, mStride, out, 4, outStride, columns, m, 0);
    assertThat(out).isEqualTo(expected);
  }

  /** Denormal, infinite, and no number. */
  @ParameterizedTest
  @ValueSource(shorts = {0x0001, 0x03FF, (short) 0x8001, 0x7C00, (short) 0xFC00, 0x7E00, 0x0000})
  void everyHalfIsConverted(short half) {
    short[] m = new short[16];
    m[5] = half;
    float[] out = new float[16];
    product.multiplyAdd(new float[] {3}, 0, 1, 1, 1, m, 0, 16, out, 0, 16, 16, m, 0);
    assertThat(out[5]).isEqualTo(Float.valueOf(3 * Float.float16ToFloat(half)));
    assertThat(out[4]).isZero();
  }

  @Test
  void refusesWhatIsNotInsideItsArrays() {
    float[] a = new float[4 * 8];
    short[] m = new short[8 * 16];
    float[] out = new float[4 * 16];
    product.multiplyAdd(a, 0, 8, 4, 8, m, 0, 16, out, 0, 16, 16, m, 127);
    assertRefused(a, 1, m, 0, out, 0, 16, m, 0);
    assertRefused(a, -1, m, 0, out, 0, 16, m, 0);
    assertRefused(a, 0, m, 1, out, 0, 16, m, 0);
    assertRefused(a, 0, m, -1, out, 0, 16, m, 0);
    assertRefused(a, 0, m, 0, out, 1, 16, m, 0);
    assertRefused(a, 0, m, 0, out, -1, 16, m, 0);
    assertRefused(a, 0, m, 0, out, 0, 16, m, 128);
    assertRefused(a, 0, m, 0, out, 0, 32, m, 0);
    assertThatThrownBy(() -> product.multiplyAdd(a, 0, 8, 4, 8, m, 0, 16, out, 0, 16, 15, m, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> product.multiplyAdd(a, 8, -8, 2, 8, m, 0, 16, out, 0, 16, 16, m, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private void assertRefused(
      float[] a,
      int aOffset,
      short[] m,
      int mOffset,
      float[] out,
      int outOffset,
      int columns,
      short[] next,
      int nextOffset) {
    assertThatThrownBy(
            () ->
                product.multiplyAdd(
                    a,
                    aOffset,
                    8,
                    4,
                    8,
                    m,
                    mOffset,
                    16,
                    out,
                    outOffset,
                    16,
                    columns,
                    next,
                    nextOffset))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}

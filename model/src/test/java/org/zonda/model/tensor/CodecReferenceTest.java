package org.zonda.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.zip.CRC32;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Encoding against ggml's quantisers, which were given the same {@link SampleNumbers}; what they
 * made of them, compiled without fused operations and used without importance weights, is noted
 * here.
 */
class CodecReferenceTest {
  private static final int COUNT = 1 << 16;

  /** Formats that leave nothing to search: the same bytes, here their CRC-32. */
  @ParameterizedTest
  @CsvSource({
    "Q4_0, GAUSSIAN, 3e9d36ca",
    "Q4_0, OUTLIERS, a1f8ac36",
    "Q4_0, UNIFORM, ba41ab1e",
    "Q4_0, SHIFTED, 08b82906",
    "Q4_1, GAUSSIAN, 97e7bfb3",
    "Q4_1, OUTLIERS, 0445de34",
    "Q4_1, UNIFORM, 6f001c2d",
    "Q4_1, SHIFTED, 27bd5d09",
    "Q5_0, GAUSSIAN, 7b86b8b7",
    "Q5_0, OUTLIERS, b8037beb",
    "Q5_0, UNIFORM, 252e03f5",
    "Q5_0, SHIFTED, 00c8cd0e",
    "Q5_1, GAUSSIAN, 3a25cd23",
    "Q5_1, OUTLIERS, c391b5b5",
    "Q5_1, UNIFORM, 17342412",
    "Q5_1, SHIFTED, f26779c0",
    "Q8_0, GAUSSIAN, 36975441",
    "Q8_0, OUTLIERS, 8c474d92",
    "Q8_0, UNIFORM, 61a25d66",
    "Q8_0, SHIFTED, 582de783",
  })
  void writesTheReferencesBytes(TensorType type, SampleNumbers sample, String expected) {
    float[] numbers = sample.numbers(COUNT);
    byte[] bytes = new byte[(int) type.bytes(COUNT)];
    Codecs.of(type, "test").encode(numbers, 0, MemorySegment.ofArray(bytes), 0, COUNT);
    CRC32 crc = new CRC32();
    crc.update(bytes);
    assertThat(HexFormat.of().toHexDigits((int) crc.getValue())).isEqualTo(expected);
  }

  /** Formats whose scales are searched: less squared error, as a part of the sum of squares. */
  @ParameterizedTest
  @CsvSource({
    "Q2_K, 8.8374e-02, 9.6433e-02, 5.4521e-02, 3.4925e-02",
    "Q3_K, 2.2928e-02, 3.5135e-02, 1.5660e-02, 1.4741e-02",
    "Q4_K, 5.1238e-03, 9.9948e-03, 2.9918e-03, 2.0129e-03",
    "Q5_K, 1.3034e-03, 2.4836e-03, 7.6345e-04, 5.1943e-04",
    "Q6_K, 3.1877e-04, 9.2524e-04, 1.7426e-04, 2.1476e-04",
    "IQ4_NL, 5.7649e-03, 1.4945e-02, 4.1064e-03, 4.3797e-03",
    "IQ4_XS, 5.8575e-03, 1.5327e-02, 4.1802e-03, 4.5057e-03",
    "MXFP4, 1.3066e-02, 2.6959e-02, 2.0857e-02, 1.2160e-02",
  })
  void errsLessThanTheReference(
      TensorType type, double gaussian, double outliers, double uniform, double shifted) {
    assertThat(error(type, SampleNumbers.GAUSSIAN)).isLessThan(gaussian);
    assertThat(error(type, SampleNumbers.OUTLIERS)).isLessThan(outliers);
    assertThat(error(type, SampleNumbers.UNIFORM)).isLessThan(uniform);
    assertThat(error(type, SampleNumbers.SHIFTED)).isLessThan(shifted);
  }

  private static double error(TensorType type, SampleNumbers sample) {
    float[] numbers = sample.numbers(COUNT);
    float[] decoded = RoundTrip.of(type, numbers);
    double error = 0;
    double norm = 0;
    for (int i = 0; i < COUNT; i++) {
      error += Math.pow(decoded[i] - (double) numbers[i], 2);
      norm += Math.pow(numbers[i], 2);
    }
    return error / norm;
  }
}

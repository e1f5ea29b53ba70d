package org.zonda.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Encoding in the formats whose scales are searched: exact answers, and bounds of the error. */
class GroupedEncodeTest {

  /** Sixteen groups of 16, each with a size and an offset of its own. */
  @Provide
  Arbitrary<float[]> groups() {
    return Arbitraries.longs()
        .map(
            seed -> {
              SplittableRandom random = new SplittableRandom(seed);
              float[] values = new float[256];
              for (int g = 0; g < 16; g++) {
                double size = Math.pow(10, 4 * random.nextDouble() - 2);
                double offset = random.nextInt(3) - 1;
                for (int i = 0; i < 16; i++) {
                  values[16 * g + i] = (float) (size * (offset + random.nextDouble() - 0.5));
                }
              }
              return values;
            });
  }

  // ---- a scale and a minimum for each group

  /** Numbers that are whole steps of a line that the format can store come back. */
  @ParameterizedTest
  @CsvSource({"Q2_K, 16, 3, 15, 1", "Q4_K, 32, 15, 63, 8", "Q5_K, 32, 31, 63, 8"})
  void linesComeBack(TensorType type, int size, int most, int mostBits, int apart) {
    float[] values = new float[256];
    int groups = 256 / size;
    for (int g = 0; g < groups; g++) {
      // The first scale and the last minimum are the largest, so that both units are exactly 1.
      int scale = Math.max(1, mostBits - apart * g);
      int minimum = mostBits - apart * (groups - 1 - g);
      for (int i = 0; i < size; i++) {
        values[size * g + i] = scale * (i % (most + 1)) - minimum;
      }
    }
    assertThat(RoundTrip.of(type, values)).containsExactly(values);
  }

  @Test
  void q4KKnownAnswer() {
    float[] values = new float[256];
    for (int g = 0; g < 8; g++) {
      for (int i = 0; i < 32; i++) {
        // Scales 63, 55, ... 7 and minimums 7, 15, ... 63, so that both scales are exactly 1.
        values[32 * g + i] = (63 - 8 * g) * (i % 16) - (7 + 8 * g);
      }
    }
    byte[] bytes = new byte[TensorType.Q4_K.blockBytes()];
    MemorySegment target = MemorySegment.ofArray(bytes);
    Codecs.of(TensorType.Q4_K, "test").encode(values, 0, target, 0, 256);
    // d = 1, dmin = 1; scales 63, 55, 47, 39 | 31, 23, 15, 7; minimums 7, 15, 23, 31 | 39, ...
    assertThat(Arrays.copyOf(bytes, 4)).containsExactly(0, 0x3C, 0, 0x3C);
    assertThat(Arrays.copyOfRange(bytes, 4, 8)).containsExactly(63 | 1 << 6, 55 | 1 << 6, 47, 39);
    assertThat(Arrays.copyOfRange(bytes, 8, 12))
        .containsExactly(
            (byte) (7 | 2 << 6), (byte) (15 | 2 << 6), (byte) (23 | 3 << 6), (byte) (31 | 3 << 6));
    assertThat(Arrays.copyOfRange(bytes, 12, 16))
        .containsExactly(0x7F, (byte) 0xF7, 0x7F, (byte) 0xF7);
    // Element i of the pair's first group below, of its second above.
    assertThat(Arrays.copyOfRange(bytes, 16, 19)).containsExactly(0x00, 0x11, 0x22);
  }

  /**
   * A group's line is at least as good as its range in even steps, and rounding it to the stored
   * integers moves it by half a unit of each.
   */
  @Property(tries = 300)
  void linesErrAsAnEvenDivisionAndItsRounding(@ForAll("groups") float[] x) {
    linesErrAtMost(TensorType.Q2_K, 16, 3, 15, x);
    linesErrAtMost(TensorType.Q4_K, 32, 15, 63, x);
    linesErrAtMost(TensorType.Q5_K, 32, 31, 63, x);
  }

  private static void linesErrAtMost(TensorType type, int size, int most, int mostBits, float[] x) {
    float[] decoded = RoundTrip.of(type, x);
    int groups = 256 / size;
    double[] lows =
        IntStream.range(0, groups).mapToDouble(g -> Math.min(0, least(x, g, size))).toArray();
    double[] ranges =
        IntStream.range(0, groups).mapToDouble(g -> greatest(x, g, size) - lows[g]).toArray();
    // No line need be steeper than its range in (most - 1) steps, nor a minimum much lower.
    double d = Arrays.stream(ranges).max().getAsDouble() / (most - 1) / mostBits;
    double dmin = 1.5 * -Arrays.stream(lows).min().getAsDouble() / mostBits + d;
    for (int g = 0; g < groups; g++) {
      double allowed = ranges[g] / most / 2 + 0.55 * (most * d + dmin);
      assertThat(deviation(x, decoded, g, size))
          .as("%s, group %s", type, g)
          .isLessThanOrEqualTo(allowed);
    }
  }

  // ---- a scale for each group

  @ParameterizedTest
  @CsvSource({"Q3_K, 16, -4, 3, -32, 2", "Q6_K, 16, -32, 31, -128, 8"})
  void scaledNumbersComeBack(
      TensorType type, int size, int first, int last, int leastBits, int apart) {
    float[] values = new float[256];
    for (int i = 0; i < 256; i++) {
      // The first scale is the largest, so that the unit is exactly 1.
      int scale = leastBits + apart * (i / size);
      values[i] = scale * (first + 7 * i % (last - first + 1));
    }
    // Each group needs its largest number for its scale to be found exactly.
    for (int g = 0; g < 256 / size; g++) {
      values[g * size] = (leastBits + apart * g) * first;
    }
    assertThat(unsignedZeros(RoundTrip.of(type, values))).containsExactly(values);
  }

  @ParameterizedTest
  @CsvSource({"IQ4_NL, 32", "IQ4_XS, 256"})
  void unevenLevelsComeBack(TensorType type, int elements) {
    float[] values = new float[elements];
    for (int i = 0; i < elements; i++) {
      // Scales -32, -24, ... 24 of the eight groups; a block of one group has -32.
      values[i] = (-32 + 8 * (i / 32)) * Levels.NON_LINEAR.level(i % 16);
    }
    assertThat(unsignedZeros(RoundTrip.of(type, values))).containsExactly(unsignedZeros(values));
  }

  /** A negative scale makes a negative zero. */
  private static float[] unsignedZeros(float[] values) {
    float[] unsigned = values.clone();
    for (int i = 0; i < unsigned.length; i++) {
      unsigned[i] += 0f;
    }
    return unsigned;
  }

  /**
   * A group's scale is at least as good as mapping its largest number to the first level, and
   * rounding it to the stored integer moves it by half a unit.
   */
  @Property(tries = 300)
  void scalesErrAsPlainRoundingAndTheirOwn(@ForAll("groups") float[] x) {
    scalesErrAtMost(TensorType.Q3_K, 16, 1, 4, 1, 32, x);
    scalesErrAtMost(TensorType.Q6_K, 16, 1, 32, 1, 128, x);
    scalesErrAtMost(TensorType.IQ4_XS, 32, 23, 127, 14, 32, x);
    scalesErrAtMost(TensorType.IQ4_NL, 32, 23, 127, 14, 2048, x);
  }

  /** The widest gap of two levels, the first level's magnitude and by how much the last is less. */
  private static void scalesErrAtMost(
      TensorType type, int size, int gap, int first, int cut, int mostBits, float[] x) {
    float[] decoded = RoundTrip.of(type, x);
    double largest = 0;
    for (float value : x) {
      largest = Math.max(largest, Math.abs(value));
    }
    double unit = 1.5 * largest / (first - cut) / mostBits;
    for (int g = 0; g < 256 / size; g++) {
      double farthest = Math.max(Math.abs(least(x, g, size)), Math.abs(greatest(x, g, size)));
      double allowed = farthest / first * Math.max(gap / 2.0, cut) + 0.55 * first * unit;
      assertThat(deviation(x, decoded, g, size))
          .as("%s, group %s", type, g)
          .isLessThanOrEqualTo(allowed);
    }
  }

  // ---- MXFP4

  /** Ties go to the even code, as the specification has it; beyond 6 is cut, or doubled. */
  @Test
  void mxfp4KnownAnswer() {
    float[] x = {6, 0.25f, 0.75f, 1.25f, 1.75f, 2.5f, 3.5f, 5, -0.25f, -0.75f, -5.0001f, 0.26f};
    assertThat(RoundTrip.of(TensorType.MXFP4, x))
        .containsExactly(6, 0, 1, 1, 2, 2, 4, 4, 0, -1, -6, 0.5f);
    float[] cut = {7.9f, 1.5f, 1.5f, 1.5f, 1.5f, 1.5f, 1.5f, 1.5f};
    assertThat(RoundTrip.of(TensorType.MXFP4, cut)).startsWith(8, 2, 2);
    float[] kept = {6.9f, 1.5f, 1.5f, 1.5f, 1.5f, 1.5f, 1.5f, 1.5f};
    assertThat(RoundTrip.of(TensorType.MXFP4, kept)).startsWith(6, 1.5f, 1.5f);
  }

  // ---- encoding again

  /** A second encoding of what was decoded adds a small part of the first one's error. */
  @ParameterizedTest
  @CsvSource({
    "Q2_K, 0.3",
    "Q3_K, 0.05",
    "Q4_K, 0.15",
    "Q5_K, 0.25",
    "Q6_K, 0.1",
    "IQ4_NL, 0.001",
    "IQ4_XS, 0.05",
    "MXFP4, 0"
  })
  void encodingAgainAddsLittle(TensorType type, double part) {
    for (SampleNumbers sample : SampleNumbers.values()) {
      float[] x = sample.numbers(1 << 14);
      float[] once = RoundTrip.of(type, x);
      float[] twice = RoundTrip.of(type, once);
      assertThat(deviation(once, twice, 0, x.length))
          .as("%s, %s", type, sample)
          .isLessThanOrEqualTo(part * deviation(x, once, 0, x.length));
    }
  }

  private static double deviation(float[] x, float[] y, int group, int size) {
    double sum = 0;
    for (int i = group * size; i < (group + 1) * size; i++) {
      sum += Math.pow(x[i] - (double) y[i], 2);
    }
    return Math.sqrt(sum / size);
  }

  private static double least(float[] x, int group, int size) {
    return IntStream.range(group * size, (group + 1) * size)
        .mapToDouble(i -> x[i])
        .min()
        .orElseThrow();
  }

  private static double greatest(float[] x, int group, int size) {
    return IntStream.range(group * size, (group + 1) * size)
        .mapToDouble(i -> x[i])
        .max()
        .orElseThrow();
  }
}

package org.zonda.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Encoding at the edges: no numbers, the largest, the smallest, all the same. */
class CodecLimitsTest {

  /** Formats with blocks; the others store any float. */
  static List<TensorType> blocked() {
    return Codecs.all().stream().map(Codec::type).filter(type -> type.blockElements() > 1).toList();
  }

  // ---- what cannot be stored

  @ParameterizedTest
  @MethodSource("blocked")
  void refusesWhatIsNoFiniteNumber(TensorType type) {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      float[] numbers = new float[2 * type.blockElements() + 3];
      int index = type.blockElements() + 5;
      numbers[3 + index] = bad;
      byte[] bytes = new byte[2 * type.blockBytes()];
      Arrays.fill(bytes, (byte) 0x5A);
      MemorySegment target = MemorySegment.ofArray(bytes);
      Codec codec = Codecs.of(type, "test");
      assertThatThrownBy(() -> codec.encode(numbers, 3, target, 0, 2 * type.blockElements()))
          .isInstanceOfSatisfying(
              UnstorableNumberException.class,
              e -> {
                assertThat(e.index()).isEqualTo(index);
                assertThat(e.number()).isEqualTo(Float.valueOf(bad));
                assertThat(e)
                    .hasMessageStartingWith(
                        "number %s is %s; %s stores numbers from -", index, bad, type);
              });
      assertThat(bytes).as("the good block before it is not written either").containsOnly(0x5A);
    }
  }

  @Property(tries = 50)
  void refusesWhatIsTooLarge(@ForAll @IntRange(max = 255) int index) {
    for (TensorType type : blocked()) {
      float[] numbers = new float[256];
      numbers[index] = index % 2 == 0 ? 65504 : -65504;
      assertThatCode(() -> RoundTrip.of(type, numbers)).doesNotThrowAnyException();
      numbers[index] = Math.nextUp(65504f) * (index % 2 == 0 ? 1 : -1);
      if (type == TensorType.MXFP4) {
        assertThatCode(() -> RoundTrip.of(type, numbers)).doesNotThrowAnyException();
      } else {
        assertThatThrownBy(() -> RoundTrip.of(type, numbers))
            .isInstanceOf(UnstorableNumberException.class)
            .hasMessage(
                "number %s is %s; %s stores numbers from -65504.0 to 65504.0",
                index, numbers[index], type);
      }
    }
  }

  // ---- the largest

  /** No scale overflows: what a block's extremes become is finite and near them. */
  @ParameterizedTest
  @MethodSource("blocked")
  void theLargestStayFinite(TensorType type) {
    SplittableRandom random = new SplittableRandom(6);
    float largest = 65504;
    for (int round = 0; round < 50; round++) {
      float[] numbers = new float[256];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] =
            switch (round % 5) {
              case 0 -> largest;
              case 1 -> -largest;
              case 2 -> random.nextBoolean() ? largest : -largest;
              case 3 -> (float) (largest * (2 * random.nextDouble() - 1));
              default -> random.nextInt(32) == 0 ? -largest : random.nextInt(-9, 10);
            };
      }
      float[] decoded = RoundTrip.of(type, numbers);
      for (int i = 0; i < numbers.length; i++) {
        assertThat(decoded[i]).isFinite();
        // 2 bits are 4 levels: half a step is a third of the largest, or a little more by rounding.
        assertThat(Math.abs(decoded[i] - numbers[i])).isLessThan(0.5f * largest);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"3.4028235e38, 2.5521178e38", "-3.4028235e38, -2.5521178e38", "1.4e-45, 0"})
  void mxfp4HasTheRangeOfFloats(float number, float expected) {
    assertThat(RoundTrip.of(TensorType.MXFP4, number)[0] == expected)
        .as("%s becomes %s", number, RoundTrip.of(TensorType.MXFP4, number)[0])
        .isTrue();
  }

  // ---- the smallest

  /** Numbers below what scales can be become zeros, never anything larger or not a number. */
  @Property(tries = 300)
  void theSmallestStaySmall(@ForAll long seed, @ForAll @IntRange(max = 149) int exponent) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] numbers = new float[256];
    float largest = 0;
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) ((random.nextDouble() - 0.5) * Math.pow(2, -exponent));
      largest = Math.max(largest, Math.abs(numbers[i]));
    }
    for (TensorType type : blocked()) {
      for (float value : RoundTrip.of(type, numbers)) {
        // 2^-15: a scale of 2^-24, the smallest in half precision, with an 8-bit number.
        assertThat(Math.abs(value)).isLessThanOrEqualTo(1.5f * largest + 0x1p-15f);
      }
    }
  }

  // ---- all the same

  @Property(tries = 300)
  void equalNumbersStayNearThemselves(@ForAll long seed, @ForAll @IntRange(max = 20) int e) {
    double size = Math.pow(2, e - 5);
    float number = (float) (size * (2 * new SplittableRandom(seed).nextDouble() - 1));
    float[] numbers = new float[256];
    Arrays.fill(numbers, number);
    for (TensorType type : blocked()) {
      float[] decoded = RoundTrip.of(type, numbers);
      // What rounding a scale or minimum to half precision costs: 2^-11 of it, but at least 2^-25,
      // which is multiplied by up to 128 * 32. MXFP4 knows 4 and 6, and nothing between.
      float part = type == TensorType.MXFP4 ? 0.2f : 0.001f;
      for (float value : decoded) {
        assertThat(Math.abs(value - number))
            .as("%s: %s became %s", type, number, value)
            .isLessThanOrEqualTo(part * Math.abs(number) + 1.3e-4f);
      }
    }
  }

  /** A group of equal numbers beside others, which is stored with their unit. */
  @ParameterizedTest
  @EnumSource(names = {"Q2_K", "Q4_K", "Q5_K"})
  void aGroupOfEqualNumbersIsNotLost(TensorType type) {
    for (float constant : new float[] {-0.5f, 0.5f, 1}) {
      float[] numbers = SampleNumbers.UNIFORM.numbers(256);
      Arrays.fill(numbers, 32, 64, constant);
      float[] decoded = RoundTrip.of(type, numbers);
      for (int i = 32; i < 64; i++) {
        assertThat(decoded[i]).isBetween(constant - 0.05f, constant + 0.05f);
      }
    }
  }
}

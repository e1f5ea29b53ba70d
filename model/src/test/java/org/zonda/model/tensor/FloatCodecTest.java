package org.zonda.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The floats of 16 bits: encoding is rounding to the nearest. */
class FloatCodecTest {
  private static final Codec F16 = Codecs.of(TensorType.F16, "test");
  private static final Codec BF16 = Codecs.of(TensorType.BF16, "test");

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void everyBitPatternSurvives(TensorType type) {
    Codec codec = Codecs.of(type, "test");
    byte[] patterns = new byte[2 << 16];
    for (int i = 0; i < 1 << 16; i++) {
      patterns[2 * i] = (byte) i;
      patterns[2 * i + 1] = (byte) (i >>> 8);
    }
    float[] values = decode(codec, patterns);
    float[] again = decode(codec, encode(codec, values));
    for (int i = 0; i < values.length; i++) {
      if (Float.isNaN(values[i])) {
        assertThat(again[i]).isNaN();
      } else {
        assertThat(Float.floatToRawIntBits(again[i])).isEqualTo(Float.floatToRawIntBits(values[i]));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "65504, 65504", // the largest finite value
    "65519.996, 65504",
    "65520, Infinity", // half-way to what would be 2^16
    "-65520, -Infinity",
    "2049, 2048", // ties to even, downwards
    "2051, 2052", // ties to even, upwards
    "5.9604645E-8, 5.9604645E-8", // the smallest denormal, 2^-24
    "2.9802322E-8, 0", // half of it: to even
    "2.9802326E-8, 5.9604645E-8", // just above
    "8.940697E-8, 1.1920929E-7", // 1.5 of it: to even
    "-1E-10, -0.0",
  })
  void f16RoundsToNearestEven(float value, float expected) {
    assertThat(decode(F16, encode(F16, new float[] {value}))[0]).isEqualTo(expected);
  }

  @Property(tries = 2000)
  void f16IsTheNearest(@ForAll @FloatRange(min = -65519, max = 65519) float value) {
    assertNearest(F16, value);
  }

  @Property(tries = 2000)
  void bf16IsTheNearest(@ForAll @FloatRange(min = -3e38f, max = 3e38f) float value) {
    assertNearest(BF16, value);
  }

  @Property(tries = 2000)
  void bf16IsTheNearestForAnyBits(@ForAll int bits) {
    float value = Float.intBitsToFloat(bits);
    if (Float.isNaN(value)) {
      assertThat(decode(BF16, encode(BF16, new float[] {value}))[0]).isNaN();
    } else if (Math.abs(value) < 3.38e38f) {
      assertNearest(BF16, value);
    }
  }

  /** NaN whose bits are all in the half that is cut off must not become infinity. */
  @Test
  void bf16KeepsNaN() {
    float hidden = Float.intBitsToFloat(0x7F80_0001);
    assertThat(decode(BF16, encode(BF16, new float[] {hidden}))[0]).isNaN();
  }

  /** The oracle: exact distances to the encoded pattern and its two neighbours. */
  private static void assertNearest(Codec codec, float value) {
    byte[] bytes = encode(codec, new float[] {value});
    int pattern = bytes[0] & 0xFF | (bytes[1] & 0xFF) << 8;
    BigDecimal chosen = distance(codec, pattern, value);
    assertThat(Float.floatToRawIntBits(value) < 0).isEqualTo((pattern & 0x8000) != 0);
    for (int neighbour : new int[] {pattern - 1, pattern + 1}) {
      boolean sameSign = (neighbour & 0x8000) == (pattern & 0x8000);
      float other = decode(codec, pair(neighbour))[0];
      if (sameSign && neighbour >= 0 && Float.isFinite(other)) {
        int comparison = chosen.compareTo(distance(codec, neighbour, value));
        assertThat(comparison).isNotPositive();
        if (comparison == 0) {
          assertThat(pattern & 1).as("a tie goes to the even pattern").isZero();
        }
      }
    }
  }

  private static BigDecimal distance(Codec codec, int pattern, float value) {
    return new BigDecimal(value).subtract(new BigDecimal(decode(codec, pair(pattern))[0])).abs();
  }

  private static byte[] pair(int pattern) {
    return new byte[] {(byte) pattern, (byte) (pattern >>> 8)};
  }

  private static byte[] encode(Codec codec, float[] values) {
    byte[] bytes = new byte[(int) codec.type().bytes(values.length)];
    codec.encode(values, 0, MemorySegment.ofArray(bytes), 0, values.length);
    return bytes;
  }

  private static float[] decode(Codec codec, byte[] bytes) {
    TensorType type = codec.type();
    float[] values = new float[bytes.length / type.blockBytes() * type.blockElements()];
    codec.decode(MemorySegment.ofArray(bytes), 0, values, 0, values.length);
    return values;
  }
}

package org.zonda.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Encoding: known answers, and properties that hold for every block. */
class CodecEncodeTest {
  private static final Codec Q8_0 = Codecs.of(TensorType.Q8_0, "test");
  private static final Codec Q4_0 = Codecs.of(TensorType.Q4_0, "test");
  private static final Codec Q4_1 = Codecs.of(TensorType.Q4_1, "test");
  private static final Codec Q5_0 = Codecs.of(TensorType.Q5_0, "test");
  private static final Codec Q5_1 = Codecs.of(TensorType.Q5_1, "test");

  /** Formats whose encoder has nothing to search for. */
  private static final List<TensorType> ONE_SCALE_OR_NONE =
      List.of(
          TensorType.F32,
          TensorType.F16,
          TensorType.BF16,
          TensorType.Q8_0,
          TensorType.Q4_0,
          TensorType.Q5_0,
          TensorType.MXFP4);

  static List<Codec> all() {
    return Codecs.all();
  }

  // ---- Q8_0

  /** Blocks of any character: uniform, near zero, with few distinct values. */
  @Provide
  Arbitrary<float[]> block() {
    return Arbitraries.oneOf(
            Arbitraries.floats().between(-1e4f, 1e4f),
            Arbitraries.floats().between(-1, 1),
            Arbitraries.of(-2f, -1.5f, -0.5f, 0f, 0.5f, 1f, 3f))
        .array(float[].class)
        .ofSize(32);
  }

  @Test
  void q8KnownAnswer() {
    float[] values = new float[32];
    values[0] = 127; // makes the scale exactly 1
    values[1] = 0.5f;
    values[2] = -0.5f;
    values[3] = 1.5f;
    values[4] = 2.5f;
    values[5] = 0.49999997f; // adding a half in float would round it up
    values[6] = -126.6f;
    values[7] = -127;
    byte[] bytes = encode(Q8_0, values);
    assertThat(Arrays.copyOf(bytes, 10)).containsExactly(0, 0x3C, 127, 1, -1, 2, 3, 0, -127, -127);
    assertThat(Arrays.copyOfRange(bytes, 10, 34)).containsOnly(0);
  }

  @Property
  void q8ErrorIsAtMostHalfAStep(@ForAll("block") float[] x) {
    byte[] bytes = encode(Q8_0, x);
    float[] decoded = decode(Q8_0, bytes);
    double largest = 0;
    for (float value : x) {
      largest = Math.max(largest, Math.abs(value));
    }
    double step = largest / 127;
    double storedStep = Float.float16ToFloat((short) (bytes[0] & 0xFF | bytes[1] << 8));
    double scaleError = Math.abs(step - storedStep);
    for (int i = 0; i < 32; i++) {
      double allowed = step / 2 + 127 * scaleError + 1e-6 * largest;
      assertThat(Math.abs(decoded[i] - (double) x[i])).isLessThanOrEqualTo(allowed);
    }
  }

  // ---- Q4_0

  @Test
  void q4KnownAnswer() {
    float[] values = new float[32];
    values[0] = -8; // makes the scale exactly 1 and is q = 0
    values[1] = 7;
    values[2] = 7.9f; // would be 16: cut to 15
    values[3] = 0.5f; // 9.0
    values[4] = -0.5f; // 8.0
    values[5] = -7.6f; // 0.9
    values[16] = 3;
    values[31] = -3;
    byte[] bytes = encode(Q4_0, values);
    byte[] expected = new byte[18];
    Arrays.fill(expected, (byte) 0x88);
    expected[0] = 0;
    expected[1] = 0x3C;
    expected[2] = (byte) 0xB0; // elements 0 and 16
    expected[3] = (byte) 0x8F;
    expected[4] = (byte) 0x8F;
    expected[5] = (byte) 0x89;
    expected[6] = (byte) 0x88;
    expected[7] = (byte) 0x80;
    expected[17] = 0x58; // elements 15 and 31
    assertThat(bytes).containsExactly(expected);
  }

  @Test
  void q4TakesTheFirstOfEqualExtremes() {
    float[] values = new float[32];
    values[3] = 4;
    values[9] = -4;
    float[] decoded = decode(Q4_0, encode(Q4_0, values));
    assertThat(decoded[3]).as("the first is exact").isEqualTo(4);
    assertThat(decoded[9]).as("the other is cut to seven steps").isEqualTo(-3.5f);
  }

  @Property
  void q4ErrorIsAtMostHalfAStepOrOneWhereItIsCut(@ForAll("block") float[] x) {
    byte[] bytes = encode(Q4_0, x);
    float[] decoded = decode(Q4_0, bytes);
    float extreme = 0;
    for (float value : x) {
      extreme = Math.abs(value) > Math.abs(extreme) ? value : extreme;
    }
    double step = extreme / -8.0;
    double storedStep = Float.float16ToFloat((short) (bytes[0] & 0xFF | bytes[1] << 8));
    double scaleError = Math.abs(step - storedStep);
    for (int i = 0; i < 32; i++) {
      boolean cut = step != 0 && x[i] / step > 7.5;
      double allowed = Math.abs(step) * (cut ? 1 : 0.5) + 8 * scaleError + 1e-6 * Math.abs(extreme);
      assertThat(Math.abs(decoded[i] - (double) x[i])).isLessThanOrEqualTo(allowed);
    }
  }

  // ---- Q4_1, Q5_0, Q5_1

  @Test
  void q41KnownAnswer() {
    float[] values = new float[32];
    values[0] = -2; // the minimum
    values[1] = 5.5f; // the greatest: makes the scale exactly a half
    values[2] = -1.75f; // 0.5 steps: upwards
    values[3] = 0.9f; // 5.8 steps
    values[16] = 5.5f;
    values[31] = 1;
    byte[] bytes = encode(Q4_1, values);
    byte[] expected = new byte[20];
    Arrays.fill(expected, (byte) 0x44);
    expected[0] = 0;
    expected[1] = 0x38;
    expected[2] = 0;
    expected[3] = (byte) 0xC0;
    expected[4] = (byte) 0xF0; // elements 0 and 16
    expected[5] = 0x4F;
    expected[6] = 0x41;
    expected[7] = 0x46;
    expected[19] = 0x64; // elements 15 and 31
    assertThat(bytes).containsExactly(expected);
  }

  @Test
  void q50KnownAnswer() {
    float[] values = new float[32];
    values[0] = -16; // makes the scale exactly 1 and is q = 0
    values[1] = 15;
    values[2] = 15.9f; // would be 32: cut to 31
    values[16] = -1; // 15, the largest without a fifth bit
    values[31] = 3;
    byte[] bytes = encode(Q5_0, values);
    byte[] expected = new byte[22];
    expected[1] = 0x3C;
    expected[2] = (byte) 0xFE; // all are 16 or more but elements 0 and 16
    expected[3] = (byte) 0xFF;
    expected[4] = (byte) 0xFE;
    expected[5] = (byte) 0xFF;
    expected[6] = (byte) 0xF0;
    expected[7] = 0x0F;
    expected[8] = 0x0F;
    expected[21] = 0x30;
    assertThat(bytes).containsExactly(expected);
  }

  @Test
  void q51KnownAnswer() {
    float[] values = new float[32];
    values[0] = -3; // the minimum
    values[1] = 28; // the greatest: makes the scale exactly 1
    values[2] = 12.6f; // 15.6 steps
    values[16] = 12; // 15 steps, the largest without a fifth bit
    values[31] = 13;
    byte[] bytes = encode(Q5_1, values);
    byte[] expected = new byte[24];
    expected[1] = 0x3C;
    expected[3] = (byte) 0xC2;
    expected[4] = 0b110;
    expected[7] = (byte) 0x80;
    Arrays.fill(expected, 8, 24, (byte) 0x33);
    expected[8] = (byte) 0xF0; // elements 0 and 16
    expected[9] = 0x3F;
    expected[10] = 0x30;
    expected[23] = 0x03; // elements 15 and 31
    assertThat(bytes).containsExactly(expected);
  }

  @Property
  void q5ErrorIsAtMostHalfAStepOrOneWhereItIsCut(@ForAll("block") float[] x) {
    float[] decoded = decode(Q5_0, encode(Q5_0, x));
    double largest = 0;
    for (float value : x) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < 32; i++) {
      // A step is a sixteenth of the largest; its half-precision form is off by 2^-11 or 2^-25.
      double allowed = largest / 16 * (Math.abs(x[i]) > largest * 15.5 / 16 ? 1 : 0.5);
      assertThat(Math.abs(decoded[i] - (double) x[i]))
          .isLessThanOrEqualTo(allowed + largest * 0x1p-10 + 0x1p-20);
    }
  }

  @Property
  void rangesErrAtMostHalfAStep(@ForAll("block") float[] x) {
    double least = Double.POSITIVE_INFINITY;
    double greatest = Double.NEGATIVE_INFINITY;
    for (float value : x) {
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
    }
    double rounding = (Math.abs(least) + greatest - least) * 0x1p-11 + 0x1p-19;
    float[] four = decode(Q4_1, encode(Q4_1, x));
    float[] five = decode(Q5_1, encode(Q5_1, x));
    for (int i = 0; i < 32; i++) {
      assertThat(Math.abs(four[i] - (double) x[i]))
          .isLessThanOrEqualTo((greatest - least) / 30 + rounding);
      assertThat(Math.abs(five[i] - (double) x[i]))
          .isLessThanOrEqualTo((greatest - least) / 62 + rounding);
    }
  }

  /** Encoding again finds the same minimum, and a scale that is off by its last bit at most. */
  @Property
  void encodingRangesAgainMovesThemByABit(@ForAll("block") float[] x) {
    for (Codec codec : List.of(Q4_1, Q5_1)) {
      float[] once = decode(codec, encode(codec, x));
      float[] twice = decode(codec, encode(codec, once));
      float largest = 0;
      for (float value : once) {
        largest = Math.max(largest, Math.abs(value));
      }
      for (int i = 0; i < 32; i++) {
        assertThat(Math.abs(twice[i] - once[i])).isLessThanOrEqualTo(largest * 0x1p-9f + 0x1p-19f);
      }
    }
  }

  // ---- all

  @Property(tries = 300)
  void encodingWhatWasDecodedChangesNothing(@ForAll long seed, @ForAll @IntRange(max = 40) int e) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[64];
    for (int i = 0; i < values.length; i++) {
      // From below F16's denormals to its largest scale.
      values[i] = (float) ((random.nextDouble() - 0.5) * Math.pow(2, e - 24));
    }
    for (TensorType type : ONE_SCALE_OR_NONE) {
      Codec codec = Codecs.of(type, "test");
      float[] once = decode(codec, encode(codec, values));
      float[] twice = decode(codec, encode(codec, once));
      for (int i = 0; i < once.length; i++) {
        // By value: a block that has become all zeros may change their sign.
        assertThat(twice[i] == once[i]).as("%s: %s, then %s", type, once[i], twice[i]).isTrue();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void zerosStayZeros(Codec codec) {
    float[] zeros = new float[codec.type().blockElements()];
    for (float value : decode(codec, encode(codec, zeros))) {
      assertThat(value == 0).as("%s, whatever its sign", value).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void staysWithinItsBounds(Codec codec) {
    int elements = codec.type().blockElements();
    int bytes = codec.type().blockBytes();
    byte[] guarded = new byte[bytes + 2];
    Arrays.fill(guarded, (byte) 0x5A);
    codec.encode(new float[elements + 1], 1, MemorySegment.ofArray(guarded), 1, elements);
    assertThat(guarded[0]).isEqualTo((byte) 0x5A);
    assertThat(guarded[bytes + 1]).isEqualTo((byte) 0x5A);

    MemorySegment segment = MemorySegment.ofArray(new byte[bytes]);
    float[] values = new float[elements];
    assertThatThrownBy(() -> codec.decode(segment, 1, values, 0, elements))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> codec.decode(segment, 0, values, 1, elements))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> codec.decode(segment, -1, values, 0, elements))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> codec.encode(values, 0, segment, 1, elements))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> codec.encode(values, 1, segment, 0, elements))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> codec.decode(segment, 0, values, 0, 2 * elements))
        .isInstanceOf(IndexOutOfBoundsException.class);
    codec.decode(segment, bytes, values, elements, 0);
  }

  /** The check comes first: a block that would have fitted is not written either. */
  @ParameterizedTest
  @MethodSource("all")
  void changesNothingWhenItRefuses(Codec codec) {
    int elements = codec.type().blockElements();
    int bytes = codec.type().blockBytes();
    byte[] target = new byte[2 * bytes - 1];
    Arrays.fill(target, (byte) 0x5A);
    MemorySegment segment = MemorySegment.ofArray(target);
    float[] values = new float[2 * elements];
    assertThatThrownBy(() -> codec.encode(values, 0, segment, 0, 2 * elements))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(target).containsOnly(0x5A);
    assertThatThrownBy(() -> codec.decode(segment, 0, values, 0, 2 * elements))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(values).containsOnly(0);
  }

  @ParameterizedTest
  @MethodSource("blocked")
  void refusesPartsOfBlocks(Codec codec) {
    int elements = codec.type().blockElements();
    MemorySegment segment = MemorySegment.ofArray(new byte[4 * codec.type().blockBytes()]);
    float[] values = new float[4 * elements];
    assertThatThrownBy(() -> codec.decode(segment, 0, values, 0, elements + 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(elements + 1 + " elements");
    assertThatThrownBy(() -> codec.encode(values, 0, segment, 0, elements / 2))
        .isInstanceOf(IllegalArgumentException.class);
  }

  static List<Codec> blocked() {
    return Codecs.all().stream().filter(codec -> codec.type().blockElements() > 1).toList();
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

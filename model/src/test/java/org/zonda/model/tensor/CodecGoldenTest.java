package org.zonda.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Decoding equals the reference bit for bit, the sign of zero included. */
class CodecGoldenTest {

  /** Each format of the golden blocks. */
  static List<Codec> goldenCodecs() {
    return GoldenBlocks.TYPES.stream()
        .map(type -> Codecs.of(TensorType.valueOf(type), "golden"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("goldenCodecs")
  void decodesExactly(Codec codec) {
    for (GoldenBlocks.Section section : GoldenBlocks.of(codec.type().name()).sections()) {
      float[] decoded = new float[section.values().length];
      codec.decode(MemorySegment.ofArray(section.bytes()), 0, decoded, 0, decoded.length);
      assertThat(bits(decoded)).containsExactly(bits(section.values()));
    }
  }

  @ParameterizedTest
  @MethodSource("goldenCodecs")
  void decodesFromAndToAnyOffset(Codec codec) {
    GoldenBlocks.Section section = GoldenBlocks.of(codec.type().name()).quantised();
    byte[] shifted = new byte[section.bytes().length + 3];
    System.arraycopy(section.bytes(), 0, shifted, 3, section.bytes().length);
    int elements = codec.type().blockElements();
    float[] decoded = new float[2 * elements + 5];
    codec.decode(
        MemorySegment.ofArray(shifted), 3 + codec.type().blockBytes(), decoded, 5, 2 * elements);
    for (int i = 0; i < 5; i++) {
      assertThat(decoded[i]).isZero();
    }
    for (int i = 0; i < 2 * elements; i++) {
      assertThat(decoded[5 + i]).isEqualTo(section.values()[elements + i]);
    }
  }

  /** The reference quantiser wrote these blocks, and its own values lead it back to them. */
  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "MXFP4"})
  void encodesReferenceBlocksBackToTheirBytes(TensorType type) {
    GoldenBlocks.Section section = GoldenBlocks.of(type.name()).quantised();
    assertThat(encode(Codecs.of(type, "test"), section.values())).containsExactly(section.bytes());
  }

  /** Formats whose quantiser searches for scales find others, but none much worse. */
  @ParameterizedTest
  @MethodSource("goldenCodecs")
  void encodesReferenceValuesWithLittleError(Codec codec) {
    float[] values = GoldenBlocks.of(codec.type().name()).quantised().values();
    float[] decoded = new float[values.length];
    byte[] encoded = encode(codec, values);
    codec.decode(MemorySegment.ofArray(encoded), 0, decoded, 0, decoded.length);
    int elements = codec.type().blockElements();
    for (int block = 0; block < values.length; block += elements) {
      double error = 0;
      double norm = 0;
      for (int i = block; i < block + elements; i++) {
        error += Math.pow(decoded[i] - (double) values[i], 2);
        norm += Math.pow(values[i], 2);
      }
      assertThat(Math.sqrt(error)).isLessThanOrEqualTo(0.02 * Math.sqrt(norm));
    }
  }

  @Test
  void f32IsTheBytesThemselves() {
    float[] values = {0f, -0f, 1.5f, Float.MIN_VALUE, Float.MAX_VALUE, Float.NEGATIVE_INFINITY};
    ByteBuffer bytes = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    float[] decoded = new float[values.length];
    Codec codec = Codecs.of(TensorType.F32, "test");
    codec.decode(MemorySegment.ofArray(bytes.array()), 0, decoded, 0, values.length);
    assertThat(bits(decoded)).containsExactly(bits(values));
    byte[] encoded = new byte[24];
    codec.encode(values, 0, MemorySegment.ofArray(encoded), 0, values.length);
    assertThat(encoded).containsExactly(bytes.array());
  }

  private static byte[] encode(Codec codec, float[] values) {
    byte[] bytes = new byte[(int) codec.type().bytes(values.length)];
    codec.encode(values, 0, MemorySegment.ofArray(bytes), 0, values.length);
    return bytes;
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }
}

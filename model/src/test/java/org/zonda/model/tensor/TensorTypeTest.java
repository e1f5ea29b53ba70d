package org.zonda.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.zonda.model.UnsupportedModelException;

class TensorTypeTest {

  static List<String> goldenTypes() {
    return GoldenBlocks.TYPES;
  }

  @ParameterizedTest
  @MethodSource("goldenTypes")
  void tableAgreesWithGoldenBlocks(String name) {
    GoldenBlocks golden = GoldenBlocks.of(name);
    TensorType type = TensorType.valueOf(golden.type());
    assertThat(type.id()).isEqualTo(golden.id());
    assertThat(type.blockElements()).isEqualTo(golden.blockElements());
    assertThat(type.blockBytes()).isEqualTo(golden.blockBytes());
    for (GoldenBlocks.Section section : golden.sections()) {
      assertThat(type.bytes(section.values().length)).isEqualTo(section.bytes().length);
      assertThat(section.blocks()).isEqualTo(section.values().length / type.blockElements());
    }
  }

  @ParameterizedTest
  @EnumSource
  void idsFindTheirType(TensorType type) {
    assertThat(TensorType.byId(type.id())).contains(type);
  }

  @Test
  void idsAreDistinct() {
    assertThat(Arrays.stream(TensorType.values()).map(TensorType::id)).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 4, 5, 31, 33, 36, 38, 43, 63, 64, 1L << 32, Long.MIN_VALUE})
  void unknownAndRemovedIdsFindNothing(long id) {
    assertThat(TensorType.byId(id)).isEmpty();
  }

  @Test
  void bytesCountsWholeBlocks() {
    assertThat(TensorType.Q4_0.bytes(0)).isZero();
    assertThat(TensorType.Q4_0.bytes(64)).isEqualTo(36);
    assertThat(TensorType.F32.bytes(3)).isEqualTo(12);
    assertThatThrownBy(() -> TensorType.Q4_0.bytes(33))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("33 elements are no whole number of Q4_0 blocks of 32");
    assertThatThrownBy(() -> TensorType.F32.bytes(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> TensorType.F32.bytes(Long.MAX_VALUE))
        .isInstanceOf(ArithmeticException.class);
  }

  @ParameterizedTest
  @CsvSource({"F32, 32", "Q8_0, 8.5", "Q4_K, 4.5", "Q6_K, 6.5625", "IQ4_XS, 4.25", "MXFP4, 4.25"})
  void bitsPerWeightCountTheScales(TensorType type, double bits) {
    assertThat(type.bitsPerWeight()).isEqualTo(bits);
  }

  /** What can be stored but not decoded is refused by name, with what works instead. */
  @ParameterizedTest
  @EnumSource(
      names = {
        "Q8_1", "Q8_K", "IQ1_S", "IQ1_M", "IQ2_XXS", "IQ2_XS", "IQ2_S", "IQ3_XXS", "IQ3_S", "TQ1_0",
        "TQ2_0", "NVFP4", "Q1_0", "Q2_0", "I8", "I16", "I32", "I64", "F64"
      })
  void otherFormatsAreRefusedByName(TensorType type) {
    assertThatThrownBy(() -> Codecs.of(type, "model.gguf: tensor token_embd.weight"))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessage(
            "model.gguf: tensor token_embd.weight: format %s is not supported; known formats: F32,"
                + " F16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL, IQ4_XS,"
                + " BF16, MXFP4",
            type);
  }

  /** Each type has a codec or is among those refused above. */
  @Test
  void everyTypeIsDecodedOrRefused() {
    assertThat(Arrays.stream(TensorType.values()).filter(type -> Codecs.find(type).isPresent()))
        .hasSize(TensorType.values().length - 19);
  }
}

package org.zonda.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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
}

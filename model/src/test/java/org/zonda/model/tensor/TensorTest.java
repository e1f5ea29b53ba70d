package org.zonda.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.zonda.model.UnsupportedModelException;

class TensorTest {

  @Test
  void knowsItsGeometry() {
    Tensor tensor =
        new Tensor(
            "t", TensorType.Q4_0, List.of(64L, 3L, 2L), MemorySegment.ofArray(new byte[216]));
    assertThat(tensor.elements()).isEqualTo(384);
    assertThat(tensor.rowLength()).isEqualTo(64);
    assertThat(tensor.rows()).isEqualTo(6);
    assertThat(tensor.rowBytes()).isEqualTo(36);
    assertThat(tensor.dimension(2)).isEqualTo(2);
    assertThat(tensor.dimension(3)).isEqualTo(1);
  }

  @Test
  void decodesOneRowOrAll() {
    float[] values = {1, 2, 3, 4, 5, 6};
    Tensor tensor = new Tensor("t", TensorType.F32, List.of(3L, 2L), f32(values));
    float[] row = new float[3];
    tensor.decodeRow(1, row);
    assertThat(row).containsExactly(4, 5, 6);
    assertThat(tensor.toFloats()).containsExactly(values);
  }

  @Test
  void refusesRowsThatItHasNot() {
    Tensor tensor = new Tensor("t", TensorType.F32, List.of(1L, 2L), f32(1, 2));
    assertThatThrownBy(() -> tensor.decodeRow(2, new float[1]))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void refusesBytesThatDoNotMatchItsShape() {
    assertThatThrownBy(() -> new Tensor("t", TensorType.F32, List.of(3L), f32(1, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("t: 8 bytes for a shape that takes 12");
    assertThatThrownBy(() -> new Tensor("t", TensorType.F32, List.of(), f32(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void namesAFormatThatHasNoCodec() {
    MemorySegment data = MemorySegment.ofArray(new byte[66]);
    Tensor tensor = new Tensor("blk.0.w", TensorType.TQ2_0, List.of(256L), data);
    assertThatThrownBy(tensor::toFloats)
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageStartingWith("blk.0.w: format TQ2_0 is not supported; known formats: F32, F16");
  }

  private static MemorySegment f32(float... values) {
    byte[] bytes = new byte[4 * values.length];
    MemorySegment segment = MemorySegment.ofArray(bytes);
    Codecs.of(TensorType.F32, "test").encode(values, 0, segment, 0, values.length);
    return segment;
  }
}

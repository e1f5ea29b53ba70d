package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.zonda.model.UnsupportedModelException;
import org.zonda.model.ZondaException;
import org.zonda.model.tensor.Tensor;
import org.zonda.model.tensor.TensorType;

class TensorValuesTest {

  @Test
  void areTheFiguresOfAllRows() {
    TensorValues values = TensorValues.of(tensor(3, 1, 2, 3, -4, 5, 6), 1, 2, "m");
    assertThat(values.min()).isEqualTo(-4);
    assertThat(values.max()).isEqualTo(6);
    assertThat(values.mean()).isCloseTo(13 / 6.0, within(1e-12));
    // The squares' mean is 91 / 6.
    assertThat(values.deviation()).isCloseTo(Math.sqrt(91 / 6.0 - 13 * 13 / 36.0), within(1e-12));
    assertThat(values.notFinite()).isZero();
    assertThat(values.first()).containsExactly(-4, 5);
  }

  @Test
  void leaveOutWhatIsNotFinite() {
    TensorValues values =
        TensorValues.of(
            tensor(4, Float.NaN, 7, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY), 0, 9, "m");
    assertThat(values.min()).isEqualTo(7);
    assertThat(values.max()).isEqualTo(7);
    assertThat(values.mean()).isEqualTo(7);
    assertThat(values.deviation()).isZero();
    assertThat(values.notFinite()).isEqualTo(3);
    assertThat(values.first()).hasSize(4);
  }

  @Test
  void refuseARowThatIsNotThere() {
    assertThatExceptionOfType(ZondaException.class)
        .isThrownBy(() -> TensorValues.of(tensor(2, 1, 2, 3, 4), 2, 1, "m.gguf"))
        .withMessage("m.gguf: tensor 't' has no row 2; its rows go from 0 to 1");
  }

  @Test
  void refuseAFormatThatCannotBeDecoded() {
    Tensor tensor = new Tensor("t", TensorType.Q8_1, List.of(32L), Arena.ofAuto().allocate(36));
    assertThatExceptionOfType(UnsupportedModelException.class)
        .isThrownBy(() -> TensorValues.of(tensor, 0, 1, "m.gguf"))
        .withMessageContaining("m.gguf: tensor 't': format Q8_1 is not supported");
  }

  private static Tensor tensor(int rowLength, float... values) {
    MemorySegment data = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_FLOAT, values);
    return new Tensor(
        "t", TensorType.F32, List.of((long) rowLength, (long) values.length / rowLength), data);
  }
}

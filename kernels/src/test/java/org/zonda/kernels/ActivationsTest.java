package org.zonda.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.zonda.kernels.oracle.MatrixOracle;

/**
 * The activations on the host, close together, against their definitions; and those against tables.
 */
class ActivationsTest {

  @ParameterizedTest
  @ValueSource(
      ints = {
        Activations.SILU,
        Activations.GELU,
        Activations.GELU_TANH,
        Activations.RELU,
        Activations.RELU_SQUARED
      })
  void agreesWithTheDefinition(int code) {
    for (float x = -30f; x <= 30f; x += 0.0078125f) {
      double expected = MatrixOracle.activation(code, x);
      assertThat((double) Activations.apply(code, x))
          .as("activation %d of %s", code, x)
          .isCloseTo(expected, offset(1e-6 * Math.max(1, Math.abs(expected))));
    }
  }

  /** GELU from the table of the normal distribution: x times the probability of less than x. */
  @ParameterizedTest
  @CsvSource({"1, 0.841344746", "2, 0.977249868", "-1, 0.158655254", "-3, 0.001349898", "0, 0.5"})
  void exactGelu(double x, double probability) {
    assertThat(MatrixOracle.activation(Activations.GELU, x))
        .isCloseTo(x * probability, offset(1e-8));
  }

  @Test
  void unknownCode() {
    assertThat(Activations.apply(15, 1.5f)).isEqualTo(1.5f);
    assertThatThrownBy(() -> MatrixOracle.activation(15, 1.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("15");
  }
}

package org.zonda.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rounding of inputs to eight bits, on any backend. */
class Int8InputTest {

  @ParameterizedTest
  @ValueSource(ints = {Int8Input.IN_TURN, Int8Input.EVEN_ODD})
  void eachValueIsRoundedToTheNearest(int order) throws Exception {
    MatrixRun run =
        new MatrixRun(
            WeightFormat.Q8_0, MatrixCase.routed(1, 5, 2, 2, MatrixFlags.ACCUMULATE), 1, false);
    for (int k = 64; k < 96; k++) {
      run.x.set(k, 0f);
    }
    Int8Rounding rounding = new Int8Rounding(run, order);
    run.execute();
    assertThat(rounding.inputs()).isEqualTo(4);
    for (int row = 0; row < rounding.inputs(); row++) {
      for (int block = 0; block < run.columns; block += 32) {
        float most = 0;
        for (int k = block; k < block + 32; k++) {
          most = Math.max(most, Math.abs(run.x.get(row * run.inStride + k)));
        }
        for (int k = block; k < block + 32; k++) {
          double scale = rounding.scale(row, k);
          double exact = run.x.get(row * run.inStride + k);
          assertThat(scale).isCloseTo(most / 127.0, offset(1e-6 * most));
          assertThat(Math.abs(exact - scale * rounding.integer(row, k)))
              .as("row %d, column %d", row, k)
              .isLessThanOrEqualTo(0.5001 * scale);
        }
      }
    }
  }
}

package org.zonda.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

class LaneSumTest {

  /** Many times over, so that the JIT compiles it meanwhile. */
  @Test
  void addsHalvesOntoHalvesColdAndCompiled() {
    RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    float[] values = new float[VectorKernels.LANES];
    for (int round = 0; round < 50_000; round++) {
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      float[] sums = values.clone();
      for (int half = sums.length / 2; half > 0; half /= 2) {
        for (int i = 0; i < half; i++) {
          sums[i] += sums[i + half];
        }
      }
      float sum = LaneSum.of(FloatVector.fromArray(VectorKernels.FLOATS, values, 0));
      if (sum != sums[0]) { // an assertion each would take most of the time
        assertThat(sum).as("round %d", round).isEqualTo(sums[0]);
      }
    }
  }
}

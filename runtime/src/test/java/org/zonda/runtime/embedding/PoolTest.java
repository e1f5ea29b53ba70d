package org.zonda.runtime.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.zonda.model.architecture.Pooling;

class PoolTest {

  private static final float[] ROWS = {9, 3, 4, 5, 12, 0, -2, 0};

  /** Three tokens of two floats, which begin at the second float of an array. */
  private static float[] pooled(Pooling pooling, boolean normalised) {
    Pool pool = new Pool(pooling, 3, 2);
    for (int position = 0; position < 3; position++) {
      if (pool.wants(position)) {
        pool.take(position, ROWS, 1 + 2 * position);
      }
    }
    return pool.vector(normalised);
  }

  @Test
  void eachPoolingIsWhatItsNameSays() {
    assertThat(pooled(Pooling.CLS, false)).containsExactly(3, 4);
    assertThat(pooled(Pooling.LAST, false)).containsExactly(0, -2);
    assertThat(pooled(Pooling.MEAN, false))
        .containsExactly(new float[] {8 / 3f, 14 / 3f}, within(1e-6f));
  }

  @Test
  void normalisedVectorsHaveLengthOne() {
    assertThat(pooled(Pooling.CLS, true)).containsExactly(new float[] {0.6f, 0.8f}, within(1e-7f));
    assertThat(pooled(Pooling.LAST, true)).containsExactly(0, -1);
    double length = Math.hypot(8, 14);
    assertThat(pooled(Pooling.MEAN, true))
        .containsExactly(new float[] {(float) (8 / length), (float) (14 / length)}, within(1e-7f));
  }

  @Test
  void aVectorOfZerosStays() {
    Pool pool = new Pool(Pooling.MEAN, 1, 2);
    pool.take(0, new float[2], 0);
    assertThat(pool.vector(true)).containsExactly(0, 0);
  }
}

package org.zonda.runtime.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RankingTest {

  private final Ranking ranking = new Ranking();

  private List<Integer> rank(int count, float... logits) {
    ranking.rank(logits, 0, logits.length, count);
    return IntStream.range(0, count).mapToObj(ranking::id).toList();
  }

  @Test
  void equalsASortOfTheWholeRow() {
    Random random = new Random(1);
    for (int n = 1; n < 200; n++) {
      float[] logits = new float[n + 3];
      for (int i = 0; i < logits.length; i++) {
        logits[i] = random.nextInt(20) - 10; // many equal ones
      }
      List<Integer> sorted =
          IntStream.range(0, n)
              .boxed()
              .sorted(
                  Comparator.<Integer>comparingDouble(i -> -logits[i + 3]).thenComparingInt(i -> i))
              .toList();
      int count = 1 + random.nextInt(n);
      ranking.rank(logits, 3, n, count);
      assertThat(IntStream.range(0, count).map(ranking::id).boxed())
          .isEqualTo(sorted.subList(0, count));
    }
  }

  @Test
  void zerosAreEqual() {
    assertThat(rank(3, -0f, 0f, -0f, 0f)).containsExactly(0, 1, 2);
    assertThat(rank(2, -1, 0f, -0f, 0f)).containsExactly(1, 2);
  }

  @Test
  void aNanComesFirstWhereverItStands() {
    float nan = Float.NaN;
    float inf = Float.POSITIVE_INFINITY;
    assertThat(rank(1, 1, 2, nan, 3)).containsExactly(2);
    assertThat(rank(2, nan, 2, inf, 3)).containsExactly(0, 2);
    assertThat(rank(2, nan, nan, 5, nan)).containsExactly(0, 1);
    assertThat(rank(3, 7, 1, 2, nan)).containsExactly(3, 0, 2);
  }

  @Test
  void nothingOfNothing() {
    assertThat(rank(0)).isEmpty();
  }
}

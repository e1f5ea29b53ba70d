package org.zonda.kernels.oracle;

import java.util.Comparator;
import java.util.stream.IntStream;

/** The definition of the best logits: sorted by value, equal ones by id. */
public final class TopOracle {

  private TopOracle() {}

  /**
   * The ids of the best.
   *
   * @param logits a row; what is not a number comes last
   * @param best how many
   * @return ids, best first
   */
  public static int[] ids(float[] logits, int best) {
    return IntStream.range(0, logits.length)
        .boxed()
        .sorted(
            Comparator.<Integer>comparingDouble(
                    id -> Float.isNaN(logits[id]) ? Float.MAX_VALUE : -logits[id])
                .thenComparingInt(id -> id))
        .limit(best)
        .mapToInt(id -> id)
        .toArray();
  }
}

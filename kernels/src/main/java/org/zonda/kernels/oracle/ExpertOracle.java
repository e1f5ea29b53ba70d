package org.zonda.kernels.oracle;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The definition of expert routing and mixing. */
public final class ExpertOracle {

  /**
   * One expert of a row.
   *
   * @param expert its number
   * @param weight its weight
   */
  public record Choice(int expert, double weight) {}

  private ExpertOracle() {}

  /**
   * The softmax of all logits; of it the best, scaled to sum to 1.
   *
   * @param logits the router's logits
   * @param used how many are chosen
   * @return the choices, best first; of equals the lower expert
   */
  public static List<Choice> route(float[] logits, int used) {
    double largest = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      largest = Math.max(largest, logit);
    }
    double total = 0;
    for (float logit : logits) {
      total += Math.exp(logit - largest);
    }
    List<Choice> all = new ArrayList<>();
    for (int expert = 0; expert < logits.length; expert++) {
      all.add(new Choice(expert, Math.exp(logits[expert] - largest) / total));
    }
    all.sort(
        Comparator.<Choice>comparingDouble(choice -> -logits[choice.expert])
            .thenComparingInt(Choice::expert));
    List<Choice> best = all.subList(0, used);
    double sum = best.stream().mapToDouble(Choice::weight).sum();
    return best.stream().map(c -> new Choice(c.expert, c.weight / sum)).toList();
  }

  /**
   * The weighted sum of the experts' results.
   *
   * @param results one vector an expert used
   * @param weights one weight an expert used
   * @return the sum
   */
  public static double[] mix(float[][] results, float[] weights) {
    double[] sum = new double[results[0].length];
    for (int s = 0; s < results.length; s++) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += (double) weights[s] * results[s][i];
      }
    }
    return sum;
  }
}

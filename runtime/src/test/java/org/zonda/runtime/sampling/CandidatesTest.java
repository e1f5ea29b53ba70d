package org.zonda.runtime.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CandidatesTest {

  /** The filters word by word: sort everything, then take top-k, top-p of it, and min-p. */
  private static Map<Integer, Double> definition(
      float[] logits, double temperature, int topK, double topP, double minP) {
    double greatest = max(logits);
    double[] weights =
        IntStream.range(0, logits.length)
            .mapToDouble(i -> Math.exp((logits[i] - greatest) / temperature))
            .toArray();
    List<Integer> tokens =
        new ArrayList<>(
            IntStream.range(0, logits.length)
                .boxed()
                .sorted(
                    Comparator.<Integer>comparingDouble(i -> -(logits[i] + 0.0))
                        .thenComparing(i -> i))
                .toList());
    if (topK > 0 && topK < tokens.size()) {
      tokens = tokens.subList(0, topK);
    }
    if (topP < 1) {
      double goal = topP * tokens.stream().mapToDouble(i -> weights[i]).sum();
      double mass = weights[tokens.getFirst()];
      int count = 1;
      while (count < tokens.size() && mass < goal) {
        mass += weights[tokens.get(count++)];
      }
      tokens = tokens.subList(0, count);
    }
    double least = minP * weights[tokens.getFirst()];
    tokens = tokens.stream().filter(i -> weights[i] >= least).toList();
    double sum = tokens.stream().mapToDouble(i -> weights[i]).sum();
    Map<Integer, Double> probabilities = new TreeMap<>();
    tokens.forEach(i -> probabilities.put(i, weights[i] / sum));
    return probabilities;
  }

  private static float max(float[] logits) {
    float greatest = logits[0];
    for (float logit : logits) {
      greatest = Math.max(greatest, logit);
    }
    return greatest;
  }

  private static Map<Integer, Double> chosen(Candidates candidates) {
    Map<Integer, Double> probabilities = new TreeMap<>();
    for (int i = 0; i < candidates.size(); i++) {
      assertThat(probabilities.put(candidates.id(i), candidates.probability(i))).isNull();
    }
    return probabilities;
  }

  private static void check(
      float[] logits, double temperature, int topK, double topP, double minP) {
    Candidates candidates = new Candidates(temperature, topK, topP, minP);
    candidates.choose(logits, max(logits));
    Map<Integer, Double> expected = definition(logits, temperature, topK, topP, minP);
    Map<Integer, Double> actual = chosen(candidates);
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (token, probability) ->
            assertThat(actual.get(token)).isCloseTo(probability, within(1e-12)));
  }

  @Provide
  Arbitrary<float[]> logits() {
    Arbitrary<Float> spread = Arbitraries.floats().between(-20, 20);
    Arbitrary<Float> equal = Arbitraries.of(-1f, -0f, 0f, 1f, 2f, Float.NEGATIVE_INFINITY);
    return Arbitraries.oneOf(spread, equal)
        .array(float[].class)
        .ofMinSize(1)
        .ofMaxSize(300)
        .filter(row -> max(row) > Float.NEGATIVE_INFINITY);
  }

  @Property
  void topK(
      @ForAll("logits") float[] logits,
      @ForAll @IntRange(max = 400) int topK,
      @ForAll @DoubleRange(min = 0.05, max = 5) double temperature) {
    check(logits, temperature, topK, 1, 0);
  }

  @Property
  void topP(
      @ForAll("logits") float[] logits,
      @ForAll @DoubleRange(min = 0, max = 1) double topP,
      @ForAll @DoubleRange(min = 0.05, max = 5) double temperature) {
    check(logits, temperature, 0, topP, 0);
  }

  @Property
  void minP(
      @ForAll("logits") float[] logits,
      @ForAll @DoubleRange(min = 0, max = 1) double minP,
      @ForAll @DoubleRange(min = 0.05, max = 5) double temperature) {
    check(logits, temperature, 0, 1, minP);
  }

  @Property
  void allTogether(
      @ForAll("logits") float[] logits,
      @ForAll @IntRange(max = 400) int topK,
      @ForAll @DoubleRange(min = 0, max = 1) double topP,
      @ForAll @DoubleRange(min = 0, max = 0.3) double minP,
      @ForAll @DoubleRange(min = 0.05, max = 5) double temperature) {
    check(logits, temperature, topK, topP, minP);
  }

  @Test
  void largeVocabularies() {
    RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    float[] logits = new float[200_003];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) random.nextGaussian(0, 3);
    }
    check(logits, 0.8, 40, 0.95, 0.05);
    check(logits, 0.8, 0, 0.95, 0);
    check(logits, 3, 0, 0.999, 0);
    check(logits, 1, 0, 1, 0.01);
    check(logits, 1, 5000, 1, 0);
  }

  @Test
  void oneObjectServesManyRows() {
    Candidates candidates = new Candidates(1, 0, 0.9, 0);
    float[] flat = new float[1000];
    float[] peaked = new float[1000];
    peaked[7] = 50;
    for (float[] row : List.of(peaked, flat, peaked)) {
      candidates.choose(row, max(row));
      assertThat(chosen(candidates).keySet()).isEqualTo(definition(row, 1, 0, 0.9, 0).keySet());
    }
  }

  @Test
  void drawsEachShareOfTheUnitInterval() {
    Candidates candidates = new Candidates(1, 0, 1, 0);
    float[] logits = {(float) Math.log(1), (float) Math.log(2), Float.NEGATIVE_INFINITY, 0};
    candidates.choose(logits, logits[1]);
    assertThat(candidates.draw(0)).isEqualTo(0);
    assertThat(candidates.draw(0.249)).isEqualTo(0);
    assertThat(candidates.draw(0.251)).isEqualTo(1);
    assertThat(candidates.draw(0.749)).isEqualTo(1);
    assertThat(candidates.draw(0.751)).isEqualTo(3);
    assertThat(candidates.draw(Math.nextDown(1.0))).isEqualTo(3);
  }

  @Test
  void aBannedTokenIsNeverDrawnEvenAtTheEnds() {
    Candidates candidates = new Candidates(1, 3, 1, 0);
    float[] logits = {Float.NEGATIVE_INFINITY, 0, Float.NEGATIVE_INFINITY};
    candidates.choose(logits, 0);
    assertThat(candidates.draw(0)).isEqualTo(1);
    assertThat(candidates.draw(1)).as("what rounding may at worst give").isEqualTo(1);
  }
}

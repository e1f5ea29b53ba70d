package org.zonda.runtime.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zonda.model.ZondaException;
import org.zonda.runtime.GenerationOptions;
import org.zonda.runtime.backend.Logits;
import org.zonda.runtime.backend.TopLogits;

class SamplerTest {

  private static final GenerationOptions PLAIN =
      GenerationOptions.builder().temperature(1).topK(0).topP(1).minP(0).build();

  private static Sampler sampler(GenerationOptions options, int vocabularySize, long seed) {
    return new Sampler(options, vocabularySize, 1000, seed);
  }

  private static GenerationOptions greedy() {
    return PLAIN.toBuilder().temperature(0).build();
  }

  @Property
  void greedyTakesTheFirstOfTheGreatest(
      @ForAll @Size(min = 1, max = 50) List<@FloatRange(min = -3, max = 3) Float> row) {
    float[] logits = new float[row.size()];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = Math.round(row.get(i)); // whole numbers, so that many are equal
    }
    int expected = 0;
    for (int i = logits.length - 1; i >= 0; i--) {
      expected = logits[i] >= logits[expected] ? i : expected;
    }
    assertThat(sampler(greedy(), logits.length, 1).sample(logits.clone())).isEqualTo(expected);
    GenerationOptions topOne = PLAIN.toBuilder().topK(1).build();
    assertThat(sampler(topOne, logits.length, 1).sample(logits.clone())).isEqualTo(expected);
  }

  @Property
  void theBestDecideAsAllWould(
      @ForAll @Size(min = 70, max = 90) List<@FloatRange(min = -3, max = 3) Float> row,
      @ForAll @IntRange(min = 0, max = TopLogits.MOST) int topK,
      @ForAll @IntRange(min = 0, max = 3) int temperature,
      @ForAll @FloatRange(min = 0, max = 1) float topP,
      @ForAll @FloatRange(min = 0, max = 1) float minP,
      @ForAll long seed) {
    float[] logits = new float[row.size()];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = Math.round(2 * row.get(i)) / 2f;
    }
    GenerationOptions options =
        GenerationOptions.builder()
            .temperature(temperature)
            .topK(topK)
            .topP(topP)
            .minP(minP)
            .build();
    Sampler full = sampler(options, logits.length, seed);
    Sampler few = sampler(options, logits.length, seed);
    if (topK == 0 && temperature > 0) {
      assertThat(few.best()).isZero();
      return;
    }
    assertThat(few.best()).isEqualTo(temperature == 0 ? 1 : topK);
    TopLogits top = TopLogits.of(new Logits(1, logits.length, logits), few.best());
    for (int i = 0; i < 5; i++) {
      assertThat(few.sample(top)).isEqualTo(full.sample(logits.clone()));
    }
  }

  @Test
  void allLogitsAreNeededWhereOneMayChangeOrManyAreKept() {
    GenerationOptions plain = GenerationOptions.builder().topK(40).build();
    assertThat(sampler(plain, 100, 1).best()).isEqualTo(40);
    assertThat(sampler(plain, 40, 1).best()).isZero();
    assertThat(sampler(plain.toBuilder().topK(65).build(), 100, 1).best()).isZero();
    assertThat(sampler(plain.toBuilder().topK(0).build(), 100, 1).best()).isZero();
    assertThat(sampler(plain.toBuilder().logitBias(Map.of(1, 0f)).build(), 100, 1).best()).isZero();
    assertThat(sampler(plain.toBuilder().repetitionPenalty(1.1).build(), 100, 1).best()).isZero();
    assertThat(sampler(plain.toBuilder().frequencyPenalty(1).build(), 100, 1).best()).isZero();
    assertThat(sampler(plain.toBuilder().presencePenalty(1).build(), 100, 1).best()).isZero();
    GenerationOptions noWindow =
        plain.toBuilder().repetitionPenalty(1.1).repetitionWindow(0).build();
    assertThat(sampler(noWindow, 100, 1).best()).isEqualTo(40);
    assertThat(sampler(greedy(), 100, 1).best()).isOne();
    assertThat(sampler(greedy(), 1, 1).best()).isZero();
  }

  @Test
  void theBestAreCheckedToo() {
    float[] logits = {1, Float.NaN, 2};
    TopLogits top = TopLogits.of(new Logits(1, 3, logits), 1);
    assertThatThrownBy(() -> sampler(greedy(), 3, 1).sample(top))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("NaN as the logit of token 1");
    TopLogits ofDevice = new TopLogits(1, 1, new int[] {0}, new float[] {-Float.MAX_VALUE});
    assertThatThrownBy(() -> sampler(greedy(), 3, 1).sample(ofDevice))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("NaN as the logit of token 0");
  }

  /** Pearson's test: with 7 degrees of freedom, chi-square is above 24.3 once in 1000 times. */
  @Test
  void drawsInProportionToTheProbabilities() {
    float[] logits = {0, 1, 2, -1, 0.5f, 1.5f, -2, 3};
    double temperature = 1.5;
    double[] probabilities =
        IntStream.range(0, 8).mapToDouble(i -> Math.exp(logits[i] / temperature)).toArray();
    double sum = IntStream.range(0, 8).mapToDouble(i -> probabilities[i]).sum();
    Sampler sampler = sampler(PLAIN.toBuilder().temperature(temperature).build(), 8, 2025);
    int draws = 100_000;
    int[] counts = new int[8];
    for (int i = 0; i < draws; i++) {
      counts[sampler.sample(logits.clone())]++;
    }
    double chiSquare = 0;
    for (int i = 0; i < 8; i++) {
      double expected = draws * probabilities[i] / sum;
      chiSquare += (counts[i] - expected) * (counts[i] - expected) / expected;
    }
    assertThat(chiSquare).isLessThan(24.3);
  }

  @Test
  void theSeedDecides() {
    assertThat(draws(42)).isEqualTo(draws(42)).isNotEqualTo(draws(43));
  }

  /** Written down once: on every platform and in every version the same seed gives the same. */
  @Test
  void aSeedGivesTheSameForEver() {
    assertThat(draws(42).subList(0, 12))
        .containsExactly(5, 5, 32, 40, 70, 54, 97, 75, 81, 37, 81, 48);
  }

  private static List<Integer> draws(long seed) {
    Sampler sampler = sampler(GenerationOptions.DEFAULT, 100, seed);
    float[] logits = new float[100];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (i * 37 % 100) / 20f;
    }
    return IntStream.range(0, 50).mapToObj(i -> sampler.sample(logits.clone())).toList();
  }

  @Test
  void biasMovesAndBans() {
    float[] logits = {5, 4, 3};
    GenerationOptions banned =
        greedy().toBuilder().logitBias(Map.of(0, Float.NEGATIVE_INFINITY, 2, 1.5f)).build();
    assertThat(sampler(banned, 3, 1).sample(logits.clone())).isEqualTo(2);
    GenerationOptions hot =
        PLAIN.toBuilder().temperature(100).logitBias(Map.of(0, Float.NEGATIVE_INFINITY)).build();
    Sampler sampler = sampler(hot, 3, 7);
    for (int i = 0; i < 10_000; i++) {
      assertThat(sampler.sample(logits.clone())).isNotZero();
    }
  }

  @Test
  void theOrderIsBiasPenaltyTemperature() {
    // Token 0 was there: (2 + 2) / 4 = 1 is below token 1, but 2 / 4 + 2 = 2.5 would be above.
    GenerationOptions options =
        greedy().toBuilder().repetitionPenalty(4).logitBias(Map.of(0, 2f)).build();
    Sampler sampler = sampler(options, 2, 1);
    sampler.prompt(new int[] {0});
    assertThat(sampler.sample(new float[] {2, 1.5f})).isEqualTo(1);
  }

  @Test
  void penaltiesCountWhatWasSampled() {
    GenerationOptions options = greedy().toBuilder().presencePenalty(1.5).build();
    Sampler sampler = sampler(options, 3, 1);
    sampler.prompt(new int[] {0, 0, 0}); // the prompt does not count
    float[] logits = {3, 2, 1};
    assertThat(IntStream.range(0, 3).mapToObj(i -> sampler.sample(logits.clone())).toList())
        .containsExactly(0, 1, 0);
  }

  @Test
  void banningEveryTokenIsRefused() {
    GenerationOptions options =
        PLAIN.toBuilder()
            .logitBias(Map.of(0, Float.NEGATIVE_INFINITY, 1, Float.NEGATIVE_INFINITY))
            .build();
    assertThatThrownBy(() -> sampler(options, 2, 1).sample(new float[2]))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("bans every token");
  }

  @Test
  void aBiasBeyondTheVocabularyIsRefused() {
    GenerationOptions options = PLAIN.toBuilder().logitBias(Map.of(32000, 1f)).build();
    assertThatThrownBy(() -> sampler(options, 32000, 1))
        .isInstanceOf(ZondaException.class)
        .hasMessageContainingAll("32000", "0 to 31999");
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void logitsThatAreNoNumbersAreRefused(float broken) {
    for (GenerationOptions options : List.of(greedy(), PLAIN)) {
      assertThatThrownBy(() -> sampler(options, 3, 1).sample(new float[] {1, broken, 2}))
          .isInstanceOf(ZondaException.class)
          .hasMessageContainingAll(String.valueOf(broken), "token 1");
    }
  }

  @Test
  void aPenaltyThatOverflowsIsRefused() {
    GenerationOptions options = greedy().toBuilder().repetitionPenalty(0.01).build();
    Sampler sampler = sampler(options, 2, 1);
    sampler.prompt(new int[] {1});
    assertThatThrownBy(() -> sampler.sample(new float[] {1, Float.MAX_VALUE}))
        .isInstanceOf(ZondaException.class)
        .hasMessageContainingAll("Infinity", "token 1");
  }

  @Test
  void extremeTemperaturesGiveNumbers() {
    float[] logits = {-3e38f, 3e38f, 0};
    for (double temperature : new double[] {1e-30, 100}) {
      GenerationOptions options = PLAIN.toBuilder().temperature(temperature).build();
      assertThat(sampler(options, 3, 1).sample(logits.clone())).isEqualTo(1);
    }
  }

  /** A row of a large vocabulary takes a megabyte; a token must not allocate anything near that. */
  @Test
  void sampledTokensAllocateLittle() {
    float[] logits = new float[262_144];
    RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) random.nextGaussian(0, 2);
    }
    float[] row = new float[logits.length];
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (GenerationOptions options :
        List.of(GenerationOptions.DEFAULT, PLAIN.toBuilder().topP(0.9).build(), PLAIN)) {
      Sampler sampler = sampler(options, logits.length, 1);
      long before = 0;
      for (int i = 0; i < 15; i++) {
        before = i == 5 ? threads.getCurrentThreadAllocatedBytes() : before;
        System.arraycopy(logits, 0, row, 0, row.length);
        sampler.sample(row);
      }
      assertThat((threads.getCurrentThreadAllocatedBytes() - before) / 10).isLessThan(250_000);
    }
  }
}

package org.zonda.runtime.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.data.Offset;
import org.zonda.runtime.GenerationOptions;

class PenaltiesTest {

  private static final int VOCABULARY = 12;

  @Property
  void equalTheirDefinitions(
      @ForAll @Size(max = 40) List<@IntRange(max = VOCABULARY - 1) Integer> prompt,
      @ForAll @Size(max = 40) List<@IntRange(max = VOCABULARY - 1) Integer> answer,
      @ForAll @Size(VOCABULARY) List<@FloatRange(min = -20, max = 20) Float> row,
      @ForAll @FloatRange(min = 0.5f, max = 2) float repetition,
      @ForAll @IntRange(max = 50) int window,
      @ForAll @FloatRange(min = -2, max = 2) float frequency,
      @ForAll @FloatRange(min = -2, max = 2) float presence) {
    GenerationOptions options =
        GenerationOptions.builder()
            .repetitionPenalty(repetition)
            .repetitionWindow(window)
            .frequencyPenalty(frequency)
            .presencePenalty(presence)
            .build();
    Penalties penalties = new Penalties(options, 1000);
    prompt.forEach(penalties::prompt);
    answer.forEach(penalties::generated);
    float[] logits = new float[VOCABULARY];
    for (int i = 0; i < VOCABULARY; i++) {
      logits[i] = row.get(i);
    }
    float[] expected = logits.clone();
    List<Integer> all = new ArrayList<>(prompt);
    all.addAll(answer);
    List<Integer> last = all.subList(Math.max(0, all.size() - window), all.size());
    for (int token = 0; token < VOCABULARY; token++) {
      if (last.contains(token)) {
        expected[token] =
            expected[token] > 0 ? expected[token] / repetition : expected[token] * repetition;
      }
      int count = Collections.frequency(answer, token);
      expected[token] -= count * frequency + (count > 0 ? presence : 0);
    }

    penalties.apply(logits);

    assertThat(logits).containsExactly(expected, Offset.offset(1e-5f));
  }

  @Property
  void areNothingByDefault(
      @ForAll @Size(max = 40) List<@IntRange(max = VOCABULARY - 1) Integer> tokens) {
    Penalties penalties = new Penalties(GenerationOptions.DEFAULT, 1000);
    tokens.forEach(penalties::prompt);
    tokens.forEach(penalties::generated);
    float[] logits = new float[VOCABULARY];
    Arrays.fill(logits, 1.5f);
    penalties.apply(logits);
    assertThat(logits).containsOnly(1.5f);
  }
}

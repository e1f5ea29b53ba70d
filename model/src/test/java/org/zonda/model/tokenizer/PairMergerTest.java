package org.zonda.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** The queue against the definition: look at all pairs, merge the best, begin again. */
class PairMergerTest {

  /** A rank from few values, so that equals are common; about half of the pairs do not merge. */
  private static int rank(String left, String right, int seed) {
    int hash = (left + "+" + right).hashCode() * 31 + seed;
    hash ^= hash >>> 15;
    hash *= 0x2C1B_3C6D;
    hash ^= hash >>> 12;
    return (hash & 1) == 0 ? PairMerger.NONE : (hash >> 1 & 7) - 4;
  }

  @Property(tries = 3000)
  void mergesInTheOrderOfTheDefinition(
      @ForAll("texts") String text, @ForAll @IntRange(max = 500) int seed) {
    StringMerger merger = new StringMerger(seed);
    assertThat(merger.merge(text)).isEqualTo(byDefinition(text, seed));
    assertThat(merger.merge("ab" + text)).isEqualTo(byDefinition("ab" + text, seed));
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("abc").ofMinLength(1).ofMaxLength(80);
  }

  private static List<String> byDefinition(String text, int seed) {
    List<String> symbols = new ArrayList<>(text.chars().mapToObj(Character::toString).toList());
    while (true) {
      int best = -1;
      int bestRank = PairMerger.NONE;
      for (int i = 0; i + 1 < symbols.size(); i++) {
        int rank = rank(symbols.get(i), symbols.get(i + 1), seed);
        if (rank < bestRank) {
          best = i;
          bestRank = rank;
        }
      }
      if (best < 0) {
        return symbols;
      }
      symbols.set(best, symbols.get(best) + symbols.remove(best + 1));
    }
  }

  private static final class StringMerger extends PairMerger {
    private final int seed;
    private String[] symbols;

    StringMerger(int seed) {
      this.seed = seed;
    }

    List<String> merge(String text) {
      symbols = text.chars().mapToObj(Character::toString).toArray(String[]::new);
      run(symbols.length);
      List<String> merged = new ArrayList<>();
      for (int symbol = 0; symbol >= 0; symbol = next(symbol)) {
        merged.add(symbols[symbol]);
      }
      return merged;
    }

    @Override
    int rank(int left, int right) {
      return PairMergerTest.rank(symbols[left], symbols[right], seed);
    }

    @Override
    void join(int left, int right) {
      symbols[left] += symbols[right];
    }
  }
}

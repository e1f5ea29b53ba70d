package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimilarityTest {

  @ParameterizedTest
  @CsvSource({"kitten,sitting,3", "'',abc,3", "abc,'',3", "same,SAME,0", "ab,ba,2"})
  void countsInsertionsDeletionsAndReplacements(String a, String b, int distance) {
    assertThat(Similarity.distance(a, b)).isEqualTo(distance);
  }

  @Property
  void isTheSameBothWays(@ForAll @AlphaChars String a, @ForAll @AlphaChars String b) {
    assertThat(Similarity.distance(a, b)).isEqualTo(Similarity.distance(b, a));
  }

  @Property
  void oneInsertedCharacterIsADistanceOfOne(
      @ForAll @AlphaChars @StringLength(max = 20) String text, @ForAll("letters") char inserted) {
    String longer =
        text.substring(0, text.length() / 2) + inserted + text.substring(text.length() / 2);
    assertThat(Similarity.distance(text, longer)).isEqualTo(1);
    assertThat(Similarity.similar(text + ".gguf", longer + ".gguf")).isTrue();
  }

  @Provide
  Arbitrary<Character> letters() {
    return Arbitraries.chars().range('a', 'z');
  }

  @Test
  void namesThatHaveNothingInCommonAreNotSimilar() {
    assertThat(Similarity.similar("llama-3.2-1b.gguf", "qwen.gguf")).isFalse();
    assertThat(Similarity.similar("run", "bench")).isFalse();
    assertThat(Similarity.similar("run", "")).isFalse();
  }
}

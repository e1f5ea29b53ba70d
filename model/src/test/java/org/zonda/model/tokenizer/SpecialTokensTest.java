package org.zonda.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.zonda.model.tokenizer.Vocabularies.CONTROL;
import static org.zonda.model.tokenizer.Vocabularies.NORMAL;
import static org.zonda.model.tokenizer.Vocabularies.USER_DEFINED;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.zonda.model.tokenizer.SpecialTokens.Match;

class SpecialTokensTest {

  private static SpecialTokens of(Vocabularies vocabulary) {
    return new SpecialTokens(Vocabulary.of(vocabulary.llama(metadata -> {})));
  }

  @Test
  void controlTokensOnlyWhereParsedAndUserDefinedAlways() {
    SpecialTokens tokens = of(new Vocabularies().add(CONTROL, "<s>").add(USER_DEFINED, "  "));
    assertThat(tokens.find("a<s>b  c", true))
        .containsExactly(new Match(1, 4, 0), new Match(5, 7, 1));
    assertThat(tokens.find("a<s>b  c", false)).containsExactly(new Match(5, 7, 1));
  }

  @Test
  void ofTwoTokensWithOneNameTheFirstThatCounts() {
    SpecialTokens tokens = of(new Vocabularies().add(CONTROL, "x").add(USER_DEFINED, "x", "x"));
    assertThat(tokens.find("x", true)).containsExactly(new Match(0, 1, 0));
    assertThat(tokens.find("x", false)).containsExactly(new Match(0, 1, 1));
  }

  @Test
  void userDefinedMarkersCountAsControl() {
    SpecialTokens tokens =
        of(
            new Vocabularies()
                .add(USER_DEFINED, "<|im_end|>", "<end_of_turn>", "<\uFF5CUser\uFF5C>", "<table>"));
    String text = "<|im_end|><end_of_turn><\uFF5CUser\uFF5C><table>";
    assertThat(tokens.find(text, true)).extracting(Match::token).containsExactly(0, 1, 2, 3);
    assertThat(tokens.find(text, false)).extracting(Match::token).containsExactly(3);
  }

  @Test
  void ofOverlappingNamesTheLongestWinsWhereverItBegins() {
    SpecialTokens tokens = of(new Vocabularies().add(CONTROL, "<a", "a>bc", "<a>", "bc"));
    assertThat(tokens.find("<a>bc", true)).containsExactly(new Match(1, 5, 1));
    assertThat(tokens.find("<a>b<a", true)).containsExactly(new Match(0, 3, 2), new Match(4, 6, 0));
  }

  @Property(tries = 2000)
  void equalsTakingTheLongestNamesFirst(
      @ForAll("names") List<String> names, @ForAll("texts") String text) {
    SpecialTokens tokens = of(new Vocabularies().add(CONTROL, names.toArray(String[]::new)));
    assertThat(tokens.find(text, true)).isEqualTo(longestFirst(names, text));
  }

  /** The definition: names of the greatest length take their places from the left, then shorter. */
  private static List<Match> longestFirst(List<String> names, String text) {
    List<Match> matches = new ArrayList<>();
    StringBuilder left = new StringBuilder(text);
    for (int length = text.length(); length > 0; length--) {
      for (int start = 0; start + length <= text.length(); start++) {
        int token = names.indexOf(left.substring(start, start + length));
        if (token >= 0) {
          matches.add(new Match(start, start + length, token));
          left.replace(start, start + length, "#".repeat(length));
        }
      }
    }
    matches.sort(Comparator.comparingInt(Match::start));
    return matches;
  }

  @Provide
  Arbitrary<List<String>> names() {
    return Arbitraries.strings()
        .withChars("<a>")
        .ofMinLength(1)
        .ofMaxLength(8)
        .list()
        .uniqueElements()
        .ofMinSize(1)
        .ofMaxSize(8);
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("<a>b").ofMaxLength(60);
  }

  @Test
  void thousandsOfNamesOnALongTextTakeLinearTime() {
    String[] names =
        IntStream.range(0, 20_000).mapToObj(i -> "<|reserved_" + i + "|>").toArray(String[]::new);
    SpecialTokens tokens = of(new Vocabularies().add(NORMAL, "x").add(CONTROL, names));
    String text = "<|reserved_19999|> and <|reserved_20000|> <<<|".repeat(25_000);
    List<Match> found =
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> tokens.find(text, true));
    assertThat(found).hasSize(25_000).allMatch(match -> match.token() == 20_000);
  }
}

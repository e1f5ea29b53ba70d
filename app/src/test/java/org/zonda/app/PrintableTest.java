package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PrintableTest {

  @Test
  void aLineShowsControlCharacters() {
    assertThat(Printable.line("a\nb\tc\u001b[31m\u202e")).isEqualTo("a\\nb\\tc\\u001b[31m\\u202e");
  }

  @Test
  void aLineIsCutWithAnEllipsis() {
    assertThat(Printable.line("abcdef", 4)).isEqualTo("abc…");
    assertThat(Printable.line("abcd", 4)).isEqualTo("abcd");
  }

  @Test
  void aTextKeepsItsLinesAndTabs() {
    assertThat(Printable.text("a\n\tb\u001b[2Jc\rd")).isEqualTo("a\n\tb\uFFFD[2Jc\uFFFDd");
  }

  @Property
  void noLineHoldsAControlCharacter(@ForAll String text) {
    assertThat(Printable.line(text).chars()).noneMatch(Character::isISOControl);
  }

  @Property
  void whatIsHarmlessStaysAsItIs(@ForAll("harmless") String text) {
    assertThat(Printable.line(text)).isEqualTo(text);
    assertThat(Printable.text(text)).isEqualTo(text);
  }

  @Provide
  Arbitrary<String> harmless() {
    return Arbitraries.strings().withCharRange(' ', '~').withCharRange('à', 'ÿ');
  }
}

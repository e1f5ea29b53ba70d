package org.zonda.runtime.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.arbitraries.StringArbitrary;
import org.junit.jupiter.api.Test;

class StopStringsTest {

  @Provide
  Arbitrary<List<String>> stops() {
    return word().ofMinLength(1).ofMaxLength(4).list().ofMaxSize(3);
  }

  @Provide
  Arbitrary<List<String>> pieces() {
    return word().ofMaxLength(5).list().ofMaxSize(8);
  }

  private static StringArbitrary word() {
    return Arbitraries.strings().withChars('a', 'b', 'ж');
  }

  /** The shortest beginning of the text that ends with a stop string, without that string. */
  private static String definition(String text, List<String> stops) {
    for (int end = 0; end <= text.length(); end++) {
      String beginning = text.substring(0, end);
      int longest =
          stops.stream().filter(beginning::endsWith).mapToInt(String::length).max().orElse(0);
      if (longest > 0) {
        return beginning.substring(0, end - longest);
      }
    }
    return text;
  }

  @Property(tries = 3000)
  void letThroughWhatComesBeforeTheFirstStop(
      @ForAll("pieces") List<String> pieces, @ForAll("stops") List<String> stops) {
    StopStrings filter = new StopStrings(stops);
    StringBuilder out = new StringBuilder();
    StringBuilder in = new StringBuilder();
    for (String piece : pieces) {
      in.append(piece);
      out.append(filter.push(piece));
      String expected = definition(in.toString(), stops);
      assertThat(filter.found()).isEqualTo(!expected.contentEquals(in));
      if (filter.found()) {
        assertThat(out).hasToString(expected);
      } else {
        String held = in.substring(out.length());
        assertThat(in).startsWith(out);
        assertThat(held.isEmpty() || stops.stream().anyMatch(stop -> stop.startsWith(held)))
            .as("only what may become a stop string is held back, here '%s'", held)
            .isTrue();
      }
    }
    out.append(filter.finish());
    assertThat(out).hasToString(definition(in.toString(), stops));
  }

  @Test
  void nothingIsHeldWithoutStops() {
    StopStrings filter = new StopStrings(List.of());
    assertThat(filter.push("Hello")).isEqualTo("Hello");
    assertThat(filter.finish()).isEmpty();
  }

  @Test
  void aStopAcrossManyPieces() {
    StopStrings filter = new StopStrings(List.of("<|end|>"));
    assertThat(filter.push("Bye<")).isEqualTo("Bye");
    assertThat(filter.push("|en")).isEmpty();
    assertThat(filter.push("d|> and more")).isEmpty();
    assertThat(filter.found()).isTrue();
    assertThat(filter.push("later")).isEmpty();
    assertThat(filter.finish()).isEmpty();
  }
}

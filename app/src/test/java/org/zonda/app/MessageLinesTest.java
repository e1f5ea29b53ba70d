package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageLinesTest {

  private static final String BLOCK = "\"\"\"";

  @ParameterizedTest
  @ValueSource(strings = {"", "hello", "a \\ b", "a\\\nb", "\"\"\"a\"\"\"", "\"\"\"\na\n\"\"\""})
  void areComplete(String typed) {
    assertThat(MessageLines.complete(typed)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\\", "a\\\nb\\", "\"\"\"", "\"\"\"a", "\"\"\"\na\n", "\"\"\"\""})
  void goOn(String typed) {
    assertThat(MessageLines.complete(typed)).isFalse();
  }

  @Test
  void loseTheirMarks() {
    assertThat(MessageLines.message(" hello ")).isEqualTo("hello");
    assertThat(MessageLines.message("one\\\ntwo\\\nthree")).isEqualTo("one\ntwo\nthree");
    assertThat(MessageLines.message(BLOCK + "\none\n\ntwo\n" + BLOCK)).isEqualTo("one\n\ntwo");
    assertThat(MessageLines.message(BLOCK + "one" + BLOCK)).isEqualTo("one");
  }

  @Test
  void areKeptWhereTheInputEndsBeforeTheBlock() {
    assertThat(MessageLines.message(BLOCK + "\none")).isEqualTo("one");
  }

  @Property
  void aBlockGivesBackWhatItHolds(@ForAll String text) {
    Assume.that(!text.contains("\""));
    String typed = BLOCK + "\n" + text + "\n" + BLOCK;
    assertThat(MessageLines.complete(typed)).isTrue();
    assertThat(MessageLines.message(typed)).isEqualTo(text.strip());
  }
}

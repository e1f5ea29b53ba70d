package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenIdsTest {

  @ParameterizedTest
  @ValueSource(strings = {"1,5,9", "1 5 9", "[1, 5, 9]", "1\n5\n9\n", " 1,,5 ,9,"})
  void readsEveryWayPeopleWriteThem(String text) {
    assertThat(TokenIds.parse(text)).containsExactly(1, 5, 9);
  }

  @Property
  void readsWhatItWrites(@ForAll int[] ids) {
    assertThat(TokenIds.parse(TokenIds.join(ids))).isEqualTo(ids);
  }

  @Test
  void ofNothingThereAreNone() {
    assertThat(TokenIds.parse("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "1.5", "99999999999", "1;2"})
  void refusesWhatIsNoId(String text) {
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> TokenIds.parse("1," + text))
        .withMessageContaining("'" + text + "' is no token id");
  }
}

package org.zonda.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zonda.model.ZondaException;

class SettingsTest {

  private static final String KEY = "zonda.vector.bits";

  private String before;

  @BeforeEach
  void remember() {
    before = System.getProperty(KEY);
  }

  @AfterEach
  void restore() {
    if (before == null) {
      System.clearProperty(KEY);
    } else {
      System.setProperty(KEY, before);
    }
  }

  @Test
  void absentMeansTheMachinesOwn() {
    System.clearProperty(KEY);
    assertThat(Settings.vectorBits()).isEqualTo(Settings.UNSET);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 128, 256, 512})
  void knownWidthsAreTaken(int bits) {
    System.setProperty(KEY, Integer.toString(bits));
    assertThat(Settings.vectorBits()).isEqualTo(bits);
  }

  @ParameterizedTest
  @ValueSource(strings = {"100", "1024", "-1", "", "wide"})
  void anythingElseIsRefusedByName(String value) {
    System.setProperty(KEY, value);
    assertThatThrownBy(Settings::vectorBits)
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining(KEY)
        .hasMessageContaining("'" + value + "'");
  }
}

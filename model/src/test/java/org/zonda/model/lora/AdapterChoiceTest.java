package org.zonda.model.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.zonda.model.ZondaException;

class AdapterChoiceTest {

  @ParameterizedTest
  @CsvSource({
    "a.gguf, a.gguf, 1",
    "a.gguf:0.8, a.gguf, 0.8",
    "a.gguf:-1.5e-1, a.gguf, -0.15",
    "a.gguf:0, a.gguf, 0",
    "folder/a:b.gguf, folder/a:b.gguf, 1",
    "folder/a:b.gguf:.5, folder/a:b.gguf, 0.5",
    "a.gguf:, a.gguf:, 1",
    "a.gguf:x, a.gguf:x, 1",
    "a.gguf:NaN, a.gguf:NaN, 1",
    "a.gguf:1f, a.gguf:1f, 1",
    "a.gguf:-, a.gguf:-, 1",
    "a:1:2, a:1, 2"
  })
  void theLastColonMayPrecedeAScale(String text, String path, float scale) {
    assertThat(AdapterChoice.parse(text)).isEqualTo(new AdapterChoice(Path.of(path), scale));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":0.5", "a.gguf:1e999"})
  void whatNamesNoAdapterIsRefused(String text) {
    assertThatThrownBy(() -> AdapterChoice.parse(text)).isInstanceOf(ZondaException.class);
  }

  @Test
  void isShownAsItIsWritten() {
    assertThat(AdapterChoice.parse("folder/a.gguf")).hasToString("a.gguf");
    assertThat(AdapterChoice.parse("folder/a.gguf:1.0")).hasToString("a.gguf");
    assertThat(AdapterChoice.parse("folder/a.gguf:0.8")).hasToString("a.gguf:0.8");
    assertThat(AdapterChoice.parse("folder/a.gguf:-2")).hasToString("a.gguf:-2");
    assertThat(AdapterChoice.parse("folder/a.gguf:1e30")).hasToString("a.gguf:1.0E30");
  }
}

package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsoleTest {

  @Test
  void aPipeHasNoColoursUnlessAskedFor() {
    Console console = console(Map.of());
    assertThat(console.outStyle()).isEqualTo(Style.PLAIN);
    console.colour(Console.Colour.ALWAYS);
    assertThat(console.outStyle()).isEqualTo(Style.COLOURED);
    assertThat(console.outStyle().bold("x")).isEqualTo("\u001b[1mx\u001b[0m");
  }

  @Test
  void aTerminalHasColoursUnlessTheEnvironmentSaysNo() {
    assertThat(terminal(Map.of()).outStyle()).isEqualTo(Style.COLOURED);
    assertThat(terminal(Map.of("NO_COLOR", "")).outStyle()).isEqualTo(Style.COLOURED);
    assertThat(terminal(Map.of("NO_COLOR", "1")).outStyle()).isEqualTo(Style.PLAIN);
    assertThat(terminal(Map.of("TERM", "dumb")).errStyle()).isEqualTo(Style.PLAIN);
  }

  @Test
  void anOptionOutweighsTheEnvironment() {
    Console always = terminal(Map.of("NO_COLOR", "1"));
    always.colour(Console.Colour.ALWAYS);
    assertThat(always.errStyle()).isEqualTo(Style.COLOURED);
    Console never = terminal(Map.of());
    never.colour(Console.Colour.NEVER);
    assertThat(never.errStyle()).isEqualTo(Style.PLAIN);
  }

  @Test
  void keepsItsStateWhereTheUserWantsIt() {
    assertThat(
            console(Map.of("XDG_STATE_HOME", "/state", "LOCALAPPDATA", "/state")).stateDirectory())
        .isEqualTo(Path.of("/state/zonda"));
    assertThat(console(Map.of()).stateDirectory()).endsWithRaw(Path.of("zonda"));
  }

  private static Console console(Map<String, String> variables) {
    return Console.of(
        InputStream.nullInputStream(),
        OutputStream.nullOutputStream(),
        OutputStream.nullOutputStream(),
        variables);
  }

  private static Console terminal(Map<String, String> variables) {
    return console(variables).asTerminal();
  }
}

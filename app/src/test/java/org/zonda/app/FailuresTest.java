package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.zonda.model.ZondaException;

class FailuresTest {

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Console console =
      Console.of(InputStream.nullInputStream(), new ByteArrayOutputStream(), err, Map.of());
  private final Failures failures = new Failures(console);

  @Test
  void whatAUserCanMendIsOneLine() {
    assertThat(failures.handle(new ZondaException("a.gguf: is\nbad\u001b[2J")))
        .isEqualTo(ExitCode.FAILED);
    assertThat(reported()).isEqualTo("zonda: a.gguf: is\\nbad\\u001b[2J\n");
  }

  @Test
  void aFaultOfTheProgramIsCalledOne() {
    assertThat(failures.handle(new IllegalStateException("odd"))).isEqualTo(ExitCode.BUG);
    assertThat(reported())
        .isEqualTo(
            "zonda: a fault of the program itself, please report it:"
                + " java.lang.IllegalStateException: odd (--verbose shows where)\n");
  }

  @Test
  void shortMemorySaysWhatHelps() {
    assertThat(failures.handle(new OutOfMemoryError("Java heap space"))).isEqualTo(ExitCode.FAILED);
    assertThat(reported())
        .startsWith("zonda: out of memory (Java heap space): ")
        .contains("-c", "ZONDA_JAVA_OPTS")
        .hasLineCount(1);
  }

  @Test
  void aClosedOutputIsNoFaultToSpeakOf() {
    assertThat(failures.handle(new OutputClosedException(null))).isEqualTo(ExitCode.OUTPUT_CLOSED);
    assertThat(reported()).isEmpty();
  }

  private String reported() {
    return err.toString(StandardCharsets.UTF_8);
  }
}

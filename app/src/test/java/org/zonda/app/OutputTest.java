package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zonda.model.ZondaException;

class OutputTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final Output out = new Output(bytes);

  @Test
  void endsALineOnlyWhereItHasNotEnded() {
    out.endLine();
    assertThat(written()).isEmpty();
    out.print("a").endLine();
    out.endLine();
    out.print("b\n").endLine();
    assertThat(written()).isEqualTo("a\nb\n");
  }

  @Test
  void knowsLinesThatOthersWroteThroughTheWriter() throws IOException {
    out.append("a\n");
    out.endLine();
    out.append("b");
    out.endLine();
    assertThat(written()).isEqualTo("a\nb\n");
  }

  @Test
  void writesUtf8() {
    out.println("héllo 🦙");
    assertThat(written()).isEqualTo("héllo 🦙\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Broken pipe", "The pipe is being closed", "The pipe has been ended"})
  void aReaderThatWentAwayIsNoFailureToReport(String message) {
    Output broken = new Output(failing(message));
    assertThatExceptionOfType(OutputClosedException.class).isThrownBy(() -> broken.println("a"));
  }

  @Test
  void aFullDiskIs() {
    Output full = new Output(failing("No space left on device"));
    assertThatExceptionOfType(ZondaException.class)
        .isThrownBy(() -> full.println("a"))
        .withMessage("cannot write the output: No space left on device");
  }

  private String written() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static OutputStream failing(String message) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException(message);
      }
    };
  }
}

package org.zonda.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.zonda.model.ZondaException;

/** Reads messages from a pipe or a file: no prompt, no editing. */
final class PipedChatReader implements ChatReader {

  private final BufferedReader lines;

  PipedChatReader(Console console) {
    lines = new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8));
  }

  @Override
  public Optional<String> read() {
    try {
      String typed = lines.readLine();
      while (typed != null && !MessageLines.complete(typed)) {
        String more = lines.readLine();
        if (more == null) {
          break;
        }
        typed += "\n" + more;
      }
      return Optional.ofNullable(typed).map(MessageLines::message);
    } catch (IOException e) {
      throw new ZondaException("standard input cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public void answering(Runnable answer, Runnable onInterrupt) {
    try (Interrupt _ = Interrupt.runs(onInterrupt)) {
      answer.run();
    }
  }

  @Override
  public void close() {
    // Standard input is the process's.
  }
}

package org.zonda.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.zonda.model.ZondaException;

/** Files that reports are written to. */
final class ReportFiles {

  private ReportFiles() {}

  /** Refuses a file that cannot be written, before anything is measured: it takes long. */
  static void checkWritable(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file)) {
      throw new ZondaException(file + " is a directory; name a file in it");
    }
    if (!Files.isDirectory(folder)) {
      throw new ZondaException(file + " cannot be written: there is no directory " + folder);
    }
  }

  static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new ZondaException(file + " cannot be written: " + UserPath.reason(e), e);
    }
  }
}

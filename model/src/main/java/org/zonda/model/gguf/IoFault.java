package org.zonda.model.gguf;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Says in words why the operating system refused a file. */
final class IoFault {

  private IoFault() {}

  /**
   * The reason of a failed access; many exceptions of {@code java.nio.file} say only the path.
   *
   * @param fault what was thrown
   * @return a phrase for the end of a message, in one line
   */
  static String reason(IOException fault) {
    return switch (fault) {
      case NoSuchFileException missing -> "no such file or folder: " + missing.getFile();
      case AccessDeniedException denied -> "permission denied: " + denied.getFile();
      case NotDirectoryException file -> "not a folder: " + file.getFile();
      case FileSystemException other when other.getReason() != null ->
          other.getReason() + ": " + other.getFile();
      default -> fault.getMessage() == null ? fault.toString() : fault.getMessage();
    };
  }
}

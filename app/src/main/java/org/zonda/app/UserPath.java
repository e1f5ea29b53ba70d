package org.zonda.app;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.zonda.model.ZondaException;

/** Files as users name them, and what to say where they cannot be used. */
final class UserPath {

  private UserPath() {}

  /**
   * Reads a file's name.
   *
   * @param name as it was typed
   * @throws ZondaException if no file can have that name
   */
  static Path of(String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new ZondaException(name + ": no valid file name: " + e.getReason(), e);
    }
  }

  /** Why a file could not be read or written; Java's own message is often the name alone. */
  static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "no such file or directory";
      case AccessDeniedException _ -> "permission denied";
      case FileAlreadyExistsException _ -> "it exists already";
      default -> String.valueOf(e.getMessage());
    };
  }
}

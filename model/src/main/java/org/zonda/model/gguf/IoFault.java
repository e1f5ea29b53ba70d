package org.zonda.model.gguf;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Says in words why the operating system refused a file. */
public final class IoFault {

  private IoFault() {}

  /**
   * The reason of a failed access, without the path: many exceptions of {@code java.nio.file} say
   * nothing but that.
   *
   * @param fault what was thrown
   * @return a phrase for the end of a message, in one line
   */
  public static String reason(IOException fault) {
    return switch (fault) {
      case NoSuchFileException _ -> "no such file or folder";
      case AccessDeniedException _ -> "permission denied";
      case FileSystemException other when other.getReason() != null -> other.getReason();
      default -> fault.getMessage() == null ? fault.toString() : fault.getMessage();
    };
  }
}

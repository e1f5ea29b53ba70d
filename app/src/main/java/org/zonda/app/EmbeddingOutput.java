package org.zonda.app;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;
import org.zonda.model.ZondaException;

/**
 * Where embeddings go, and in which format.
 *
 * @param npy whether as .npy, else as JSON
 * @param file where to; empty for standard output
 */
record EmbeddingOutput(boolean npy, Optional<Path> file) {

  /** Reads {@code json}, {@code npy}, or the name of a file that ends so. */
  static EmbeddingOutput of(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return switch (lower) {
      case "json" -> new EmbeddingOutput(false, Optional.empty());
      case "npy" -> new EmbeddingOutput(true, Optional.empty());
      default -> {
        boolean npy = lower.endsWith(".npy");
        if (!npy && !lower.endsWith(".json")) {
          throw new UsageException(
              "--output is '%s'; expected json, npy, or a file name that ends in .json or .npy"
                  .formatted(name));
        }
        yield new EmbeddingOutput(npy, Optional.of(UserPath.of(name)));
      }
    };
  }

  /** Refuses, before anything is computed, what could not be written afterwards. */
  void check(boolean force, Console console) {
    if (file.isEmpty()) {
      if (npy && console.outIsTerminal()) {
        throw new UsageException(
            ".npy is no text for a terminal; name a file, as in --output embeddings.npy, or"
                + " redirect the output");
      }
      return;
    }
    Path target = file.get();
    if (Files.isDirectory(target)) {
      throw new ZondaException(target + ": is a directory; name a file");
    }
    if (!force && Files.exists(target)) {
      throw exists(target, null);
    }
    if (!Files.isDirectory(folder(target))) {
      throw new ZondaException(target + ": there is no directory " + folder(target));
    }
  }

  private static Path folder(Path target) {
    Path parent = target.toAbsolutePath().getParent();
    return parent == null ? target.toAbsolutePath() : parent;
  }

  private static ZondaException exists(Path target, Throwable cause) {
    return new ZondaException(target + ": exists already; --force replaces it", cause);
  }

  /**
   * Writes to the file by way of a temporary one beside it, so that it is never half written.
   *
   * @param force whether a file is replaced that came to be since the check
   */
  void write(byte[] bytes, boolean force, Console console) {
    if (file.isEmpty()) {
      console.out().bytes(bytes);
      return;
    }
    Path target = file.get();
    // Not a temporary file of Java's, which only its owner may read.
    Path temporary =
        target.resolveSibling(
            ".%s.%d-%x.part"
                .formatted(target.getFileName(), ProcessHandle.current().pid(), System.nanoTime()));
    write(bytes, temporary, target, force);
  }

  /** Writes a temporary file, and gives it the target's name once it is whole. */
  static void write(byte[] bytes, Path temporary, Path target, boolean force) {
    try {
      // One that exists already is somebody else's, and stays.
      OutputStream created =
          Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      try {
        try (created) {
          created.write(bytes);
        }
        move(temporary, target, force);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (FileAlreadyExistsException e) {
      throw new ZondaException(
          target + ": cannot be written: the temporary file " + temporary + " exists already", e);
    } catch (IOException e) {
      throw new ZondaException(target + ": cannot be written: " + UserPath.reason(e), e);
    }
  }

  private static void move(Path temporary, Path target, boolean force) throws IOException {
    try {
      if (force) {
        Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
      } else {
        Files.move(temporary, target);
      }
    } catch (FileAlreadyExistsException e) {
      throw exists(target, e);
    }
  }
}

package org.zonda.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
      throw new ZondaException(target + ": exists already; --force replaces it");
    }
    if (!Files.isDirectory(folder(target))) {
      throw new ZondaException(target + ": there is no directory " + folder(target));
    }
  }

  private static Path folder(Path target) {
    Path parent = target.toAbsolutePath().getParent();
    return parent == null ? target.toAbsolutePath() : parent;
  }

  /** Writes to the file by way of a temporary one beside it, so that it is never half written. */
  void write(byte[] bytes, Console console) {
    if (file.isEmpty()) {
      console.out().bytes(bytes);
      return;
    }
    Path target = file.get();
    try {
      Path temporary = Files.createTempFile(folder(target), ".zonda-", ".tmp");
      try {
        Files.write(temporary, bytes);
        Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw new ZondaException(target + ": cannot be written: " + UserPath.reason(e), e);
    }
  }
}

package org.zonda.app;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.zonda.model.ZondaException;

/** The SHA-256 of files, with a progress bar where a person waits. */
final class Checksum {

  private static final int CHUNK = 1 << 20;

  private Checksum() {}

  /** Computes a file's checksum, in lower-case hexadecimal. */
  static String sha256(Path file, Console console) {
    try (InputStream in = Files.newInputStream(file)) {
      if (!console.errIsTerminal()) {
        return sha256(in, null);
      }
      try (ProgressBar bar = progressBar(file)) {
        return sha256(in, bar);
      }
    } catch (IOException e) {
      throw new ZondaException(file + ": cannot be read: " + UserPath.reason(e), e);
    }
  }

  /** Computes a stream's checksum. */
  static String sha256(InputStream in) throws IOException {
    return sha256(in, null);
  }

  private static String sha256(InputStream in, ProgressBar bar) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
    byte[] chunk = new byte[CHUNK];
    for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
      digest.update(chunk, 0, read);
      if (bar != null) {
        bar.stepBy(read);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static ProgressBar progressBar(Path file) throws IOException {
    return new ProgressBarBuilder()
        .setTaskName("SHA-256")
        .setInitialMax(Files.size(file))
        .setUnit(" MiB", 1 << 20)
        .setStyle(ProgressBarStyle.ASCII)
        .setConsumer(new ConsoleProgressBarConsumer(System.err))
        .clearDisplayOnFinish()
        .build();
  }
}

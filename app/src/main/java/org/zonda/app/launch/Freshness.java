package org.zonda.app.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whether the program is no older than its sources. {@code zonda.cmd} asks, since Windows' shell
 * cannot compare the times of files; {@code zonda} asks {@code find} the same.
 */
public final class Freshness {

  private Freshness() {}

  /**
   * Exits with code 0 if the checkout's program is fresh, else with 1.
   *
   * @param arguments the checkout's folder
   * @throws IOException if the checkout cannot be read
   */
  public static void main(String[] arguments) throws IOException {
    System.exit(isFresh(Path.of(arguments[0])) ? 0 : 1);
  }

  static boolean isFresh(Path root) throws IOException {
    FileTime built;
    try {
      built = Files.getLastModifiedTime(root.resolve("app/target/zonda.built"));
    } catch (NoSuchFileException e) {
      return false;
    }
    // A room may have another within it.
    try (Stream<Path> rooms = Files.walk(root, 2)) {
      for (Path room : rooms.filter(Files::isDirectory).toList()) {
        for (Path source : List.of(room.resolve("pom.xml"), room.resolve("src/main"))) {
          if (Files.exists(source) && isNewer(source, built)) {
            return false;
          }
        }
      }
    }
    return true;
  }

  /** Folders count too: a file may have gone. */
  private static boolean isNewer(Path source, FileTime built) throws IOException {
    try (Stream<Path> newer =
        Files.find(
            source,
            Integer.MAX_VALUE,
            (file, attributes) -> attributes.lastModifiedTime().compareTo(built) > 0)) {
      return newer.findAny().isPresent();
    }
  }
}

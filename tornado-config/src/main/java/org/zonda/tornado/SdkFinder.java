package org.zonda.tornado;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Looks for an SDK: what {@code TORNADOVM_HOME} names; without it, what SDKMAN installed, the
 * current version first, then the others from the highest name down.
 */
public final class SdkFinder {

  private SdkFinder() {}

  /**
   * Finds the SDK to use.
   *
   * @param wanted the backend that the user named; empty for the preferred one
   * @param jdk the JDK to run with
   * @param settings where to look
   * @return the first without problems, else the first; empty if there is none
   */
  public static Optional<TornadoSdk> find(Optional<SdkBackend> wanted, Jdk jdk, Settings settings) {
    List<TornadoSdk> found = all(settings);
    return found.stream()
        .filter(sdk -> sdk.problems(wanted, jdk, settings).isEmpty())
        .findFirst()
        .or(() -> found.stream().findFirst());
  }

  /** Whether there is anything to look at. */
  static boolean any(Settings settings) {
    return settings.folder(Settings.HOME).isPresent()
        || !candidates(settings.sdkmanFolder()).isEmpty();
  }

  private static List<TornadoSdk> all(Settings settings) {
    Optional<Path> named = settings.folder(Settings.HOME);
    if (named.isPresent()) {
      return List.of(TornadoSdk.read(named.get(), Settings.HOME));
    }
    List<TornadoSdk> found = new ArrayList<>();
    for (Path folder : candidates(settings.sdkmanFolder())) {
      found.add(TornadoSdk.read(folder, "SDKMAN"));
    }
    return found;
  }

  private static List<Path> candidates(Path sdkman) {
    Path candidates = sdkman.resolve("candidates/tornadovm");
    if (!Files.isDirectory(candidates)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(candidates)) {
      return folders
          .filter(Files::isDirectory)
          .sorted(
              Comparator.comparing((Path folder) -> !folder.endsWith("current"))
                  .thenComparing(Comparator.<Path>reverseOrder()))
          .toList();
    } catch (IOException e) {
      throw new TornadoException(
          "%s: SDKMAN's folder cannot be read: %s".formatted(candidates, FileFaults.reason(e)), e);
    }
  }
}

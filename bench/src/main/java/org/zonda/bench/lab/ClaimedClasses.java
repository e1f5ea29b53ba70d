package org.zonda.bench.lab;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.zonda.model.ZondaException;

/** The users' classes that this JVM has been shown: of a name there can be one only. */
final class ClaimedClasses {

  private record Claim(Path file, byte[] bytes) {}

  private final Map<String, Claim> claims = new LinkedHashMap<>();

  /**
   * Claims the names of classes.
   *
   * @param file where they come from
   * @param classes class files by name
   * @return those that are new
   * @throws ZondaException if another file has a different class of the same name
   */
  synchronized Map<String, byte[]> claim(Path file, Map<String, byte[]> classes) {
    Map<String, byte[]> fresh = new LinkedHashMap<>();
    classes.forEach(
        (name, bytes) -> {
          Claim claim = claims.get(name);
          if (claim == null) {
            fresh.put(name, bytes);
          } else if (!Arrays.equals(claim.bytes(), bytes)) {
            throw new ZondaException(
                "%s and %s have different classes of the name %s, of which TornadoVM would see the first only; rename one"
                    .formatted(claim.file(), file, name));
          }
        });
    fresh.forEach((name, bytes) -> claims.put(name, new Claim(file, bytes)));
    return fresh;
  }
}

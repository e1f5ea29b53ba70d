package org.zonda.tornado;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What this room takes from the outside: environment variables and system properties. The one place
 * of the room that reads them.
 *
 * @param variables environment variables
 * @param home the user's home folder
 * @param javaHome the folder of the running JDK
 * @param windows whether this is Windows
 */
public record Settings(Map<String, String> variables, Path home, Path javaHome, boolean windows) {

  /**
   * The process's own.
   *
   * @return its settings
   */
  public static Settings ofProcess() {
    return new Settings(
        System.getenv(),
        Path.of(System.getProperty("user.home", ".")),
        Path.of(System.getProperty("java.home", ".")),
        System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows"));
  }

  /**
   * A folder that a variable names.
   *
   * @param name the variable's name
   * @return the folder; empty if the variable is not set or empty
   * @throws TornadoException if no file can have that name
   */
  Optional<Path> folder(String name) {
    String value = variables.getOrDefault(name, "");
    if (value.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Path.of(value));
    } catch (InvalidPathException e) {
      throw new TornadoException(
          "the environment variable %s is '%s', which is no valid file name: %s"
              .formatted(name, value, e.getReason()),
          e);
    }
  }

  /**
   * The folder in which a user configures Zonda.
   *
   * @return {@code %APPDATA%\zonda} on Windows; {@code zonda} in {@code XDG_CONFIG_HOME} or {@code
   *     ~/.config} elsewhere
   */
  public Path configurationFolder() {
    Path base =
        windows
            ? folder("APPDATA").orElse(home)
            : folder("XDG_CONFIG_HOME").orElse(home.resolve(".config"));
    return base.resolve("zonda");
  }
}

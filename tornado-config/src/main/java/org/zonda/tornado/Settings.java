package org.zonda.tornado;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What this room takes from the outside: environment variables and system properties. The one place
 * of the room that reads them.
 *
 * @param variables environment variables
 * @param properties system properties, those that are used here
 */
public record Settings(Map<String, String> variables, Map<String, String> properties) {

  /** The environment variable that names the SDK. */
  public static final String HOME = "TORNADOVM_HOME";

  /** The environment variable that names one backend of an SDK with several. */
  public static final String BACKEND = "ZONDA_GPU_BACKEND";

  /** The system property by which the launcher says why it started without TornadoVM. */
  public static final String REASON = "zonda.gpu.reason";

  /** The simulator's: how many seconds a launch may take. */
  private static final String SIMULATOR_TIMEOUT = "zonda.simulator.timeout";

  private static final List<String> PROPERTIES =
      List.of(
          "user.home",
          "os.name",
          "path.separator",
          "java.vendor.version",
          "java.class.path",
          REASON);

  /** Copies the maps. */
  public Settings {
    variables = Map.copyOf(variables);
    properties = Map.copyOf(properties);
  }

  /**
   * The process's own.
   *
   * @return its settings
   */
  public static Settings ofProcess() {
    Map<String, String> properties = new java.util.HashMap<>();
    for (String name : PROPERTIES) {
      properties.put(name, System.getProperty(name, ""));
    }
    return new Settings(System.getenv(), properties);
  }

  /**
   * Has the simulator of this process stop launches that take long, unless it was told how long
   * they may take. It looks when it is first used.
   *
   * @param limit whole seconds
   */
  public static void limitSimulator(Duration limit) {
    System.getProperties().putIfAbsent(SIMULATOR_TIMEOUT, Long.toString(limit.toSeconds()));
  }

  private String property(String name) {
    return properties.getOrDefault(name, "");
  }

  private Path home() {
    return Path.of(property("user.home"));
  }

  /** Whose build of the JDK it is. */
  String vendorVersion() {
    return property("java.vendor.version");
  }

  /**
   * Where this JVM finds classes.
   *
   * @return jars and folders, as {@code java -classpath} takes them
   */
  public String classPath() {
    return property("java.class.path");
  }

  /** What stands between the folders of a path. */
  String pathSeparator() {
    return property("path.separator");
  }

  /** Why the launcher started without TornadoVM; empty if it did not say. */
  Optional<String> reason() {
    return Optional.of(property(REASON)).filter(reason -> !reason.isBlank());
  }

  private boolean system(String begin) {
    return property("os.name").toLowerCase(Locale.ROOT).startsWith(begin);
  }

  /** The files that a native library may be in. */
  List<String> libraryNames(String library) {
    if (system("windows")) {
      return List.of(library + ".dll");
    }
    return system("mac")
        ? List.of("lib" + library + ".dylib", "lib" + library + ".jnilib")
        : List.of("lib" + library + ".so");
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
   * The backend that the user wants, from {@link #BACKEND}.
   *
   * @return the backend; empty if the variable is not set
   * @throws TornadoException if it names none
   */
  public Optional<SdkBackend> backend() {
    String value = variables.getOrDefault(BACKEND, "");
    if (value.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        SdkBackend.named(value)
            .orElseThrow(
                () ->
                    new TornadoException(
                        "the environment variable %s is '%s'; expected one of %s"
                            .formatted(BACKEND, value, SdkBackend.words()))));
  }

  /** SDKMAN's own folder. */
  Path sdkmanFolder() {
    return folder("SDKMAN_DIR").orElse(home().resolve(".sdkman"));
  }

  /**
   * The folder in which a user configures Zonda.
   *
   * @return {@code %APPDATA%\zonda} on Windows; {@code zonda} in {@code XDG_CONFIG_HOME} or {@code
   *     ~/.config} elsewhere
   */
  public Path configurationFolder() {
    Path base =
        system("windows")
            ? folder("APPDATA").orElse(home())
            : folder("XDG_CONFIG_HOME").orElse(home().resolve(".config"));
    return base.resolve("zonda");
  }
}

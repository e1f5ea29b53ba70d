package org.zonda.tornado;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An SDK of TornadoVM on this machine: a folder with {@code share/java/tornado} (its jars), {@code
 * share/java/graalJars} (the compiler), {@code lib} (one native library a backend), {@code
 * etc/exportLists} (JVM flags) and {@code etc/tornado.backend}.
 *
 * @param home the folder
 * @param foundBy how it was found, for people: {@code TORNADOVM_HOME} or {@code SDKMAN}
 * @param version such as {@code 5.2.0-jdk25}; {@code unknown} where nothing says
 * @param backends the backends that it declares, and of which it has the jar
 */
public record TornadoSdk(Path home, String foundBy, String version, List<SdkBackend> backends) {

  /** What to install; the version is the one that was tried. */
  static final String HOW_TO_INSTALL =
      "install one with SDKMAN (sdk install tornadovm 5.2.0-jdk25-opencl), or from"
          + " https://www.tornadovm.org/downloads and name its folder in TORNADOVM_HOME";

  /** The first update of JDK 25 with what TornadoVM needs of its compiler interface. */
  private static final Runtime.Version LEAST_25 = Runtime.Version.parse("25.0.2");

  private static final Pattern LINE = Pattern.compile("jdk(\\d+)");
  private static final Pattern API_JAR = Pattern.compile("tornado-api-(.+)\\.jar");

  /** The jars without which nothing runs, without their versions. */
  private static final List<String> CORE =
      List.of("tornado-api", "tornado-runtime", "tornado-annotation", "tornado-drivers-common");

  /** Copies the list. */
  public TornadoSdk {
    backends = List.copyOf(backends);
  }

  /**
   * Reads what an SDK's folder says.
   *
   * @param home the folder
   * @param foundBy how it was found
   * @return the SDK, whatever it lacks
   */
  public static TornadoSdk read(Path home, String foundBy) {
    Path absolute = home.toAbsolutePath().normalize();
    List<String> jars = names(jarFolder(absolute));
    return new TornadoSdk(absolute, foundBy, version(absolute, jars), backends(absolute, jars));
  }

  private static Path jarFolder(Path home) {
    return home.resolve("share/java/tornado");
  }

  private static List<String> names(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new TornadoException(
          "%s: the folder of the TornadoVM SDK cannot be read: %s"
              .formatted(folder, FileFaults.reason(e)),
          e);
    }
  }

  private static String version(Path home, List<String> jars) {
    String released = property(home.resolve("etc/tornado.release"), "version");
    if (!released.isEmpty()) {
      return released;
    }
    return jars.stream()
        .map(API_JAR::matcher)
        .filter(Matcher::matches)
        .map(matcher -> matcher.group(1))
        .findFirst()
        .orElse("unknown");
  }

  /** Those that are declared (where nothing is, all) and of which the jar is there. */
  private static List<SdkBackend> backends(Path home, List<String> jars) {
    String declared = property(home.resolve("etc/tornado.backend"), "tornado.backends");
    List<SdkBackend> backends = new ArrayList<>();
    for (SdkBackend backend : SdkBackend.values()) {
      boolean meant =
          declared.isEmpty()
              || Stream.of(declared.split(","))
                  .anyMatch(word -> word.strip().equals(backend.word() + "-backend"));
      if (meant && has(jars, backend.jar())) {
        backends.add(backend);
      }
    }
    return backends;
  }

  private static String property(Path file, String key) {
    if (!Files.isRegularFile(file)) {
      return "";
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new TornadoException(
          "%s: the TornadoVM SDK's file cannot be read: %s".formatted(file, e.getMessage()), e);
    }
    return properties.getProperty(key, "").strip();
  }

  /** Whether there is a jar of that name and some version. */
  private static boolean has(List<String> jars, String name) {
    return jars.stream().anyMatch(jar -> isJar(jar, name));
  }

  private static boolean isJar(String file, String name) {
    return file.endsWith(".jar")
        && (file.equals(name + ".jar")
            || file.startsWith(name + "-")
                && file.length() > name.length() + 1
                && Character.isDigit(file.charAt(name.length() + 1)));
  }

  /**
   * The JDK that it is built for.
   *
   * @return such as 25; empty if its version does not say
   */
  public OptionalInt jdkLine() {
    Matcher matcher = LINE.matcher(version);
    return matcher.find()
        ? OptionalInt.of(Integer.parseInt(matcher.group(1)))
        : OptionalInt.empty();
  }

  /**
   * The backend to use.
   *
   * @param wanted the one that the user named; empty for the preferred one
   * @param settings names the platform
   * @return the wanted one, or the first that lacks nothing, or the first; empty if there is none
   */
  public Optional<SdkBackend> backend(Optional<SdkBackend> wanted, Settings settings) {
    if (wanted.isPresent()) {
      return wanted.filter(backends::contains);
    }
    return backends.stream()
        .filter(backend -> missing(backend, settings).isEmpty())
        .findFirst()
        .or(() -> backends.stream().findFirst());
  }

  /**
   * What keeps it from running.
   *
   * @param wanted the backend that the user named; empty for the preferred one
   * @param jdk the JDK to run with
   * @param settings names the platform
   * @return all that was found, the gravest first; empty if it can be started
   */
  public List<Problem> problems(Optional<SdkBackend> wanted, Jdk jdk, Settings settings) {
    if (!Files.isDirectory(jarFolder(home))) {
      return List.of(
          new Problem(
              "%s (from %s) is no TornadoVM SDK: it has no folder share/java/tornado"
                  .formatted(home, foundBy),
              HOW_TO_INSTALL));
    }
    List<Problem> problems = new ArrayList<>(jdkProblems(jdk));
    Optional<SdkBackend> backend = backend(wanted, settings);
    if (backend.isPresent()) {
      problems.addAll(missing(backend.get(), settings));
    } else {
      problems.add(noBackend(wanted));
    }
    return problems;
  }

  private List<Problem> jdkProblems(Jdk jdk) {
    List<Problem> problems = new ArrayList<>();
    int running = jdk.version().feature();
    int line = jdkLine().orElse(running);
    if (line != running) {
      problems.add(
          new Problem(
              "the TornadoVM SDK %s (%s) is for JDK %d, and this is JDK %s"
                  .formatted(version, home, line, jdk.version()),
              line >= 25
                  ? "name a JDK %d in JAVA_HOME".formatted(line)
                  : "install one for JDK %d: sdk install tornadovm 5.2.0-jdk%d-opencl"
                      .formatted(running, running)));
    } else if (running == 25 && jdk.version().compareToIgnoreOptional(LEAST_25) < 0) {
      problems.add(
          new Problem(
              "this is JDK %s, and TornadoVM needs %s or a later update"
                  .formatted(jdk.version(), LEAST_25),
              "install the newest JDK 25 and name it in JAVA_HOME"));
    }
    if (!jdk.compilerInterface()) {
      problems.add(
          new Problem(
              "this JDK has no module jdk.internal.vm.ci, which TornadoVM needs",
              "use another build of JDK %d, such as Temurin (https://adoptium.net), and name it in"
                      .formatted(running)
                  + " JAVA_HOME"));
    }
    return problems;
  }

  private Problem noBackend(Optional<SdkBackend> wanted) {
    if (wanted.isPresent() && !backends.isEmpty()) {
      return new Problem(
          "the TornadoVM SDK %s has no backend %s; it has %s"
              .formatted(home, wanted.get().word(), words()),
          "name one of them in " + Settings.BACKEND + ", or leave it out");
    }
    return new Problem(
        "the TornadoVM SDK %s has none of the backends %s".formatted(home, SdkBackend.words()),
        HOW_TO_INSTALL);
  }

  private String words() {
    return String.join(", ", backends.stream().map(SdkBackend::word).toList());
  }

  /** The files that a backend needs and that are not there. */
  private List<Problem> missing(SdkBackend backend, Settings settings) {
    List<Problem> problems = new ArrayList<>();
    List<String> jars = names(jarFolder(home));
    Stream.concat(CORE.stream(), Stream.of(backend.jar()))
        .filter(name -> !has(jars, name))
        .forEach(name -> problems.add(lacks("share/java/tornado/" + name + "-*.jar")));
    if (names(compilerFolder()).stream().noneMatch(name -> name.endsWith(".jar"))) {
      problems.add(lacks("share/java/graalJars/*.jar"));
    }
    for (String list : List.of("common-exports", backend.exportList())) {
      if (!Files.isReadable(exportList(list))) {
        problems.add(lacks("etc/exportLists/" + list));
      }
    }
    if (settings.libraryNames("tornado-" + backend.word()).stream()
        .noneMatch(name -> Files.isReadable(libraryFolder().resolve(name)))) {
      problems.add(lacks("lib/" + settings.libraryNames("tornado-" + backend.word()).getFirst()));
    }
    if (home.toString().contains(settings.pathSeparator())) {
      problems.add(
          new Problem(
              "the TornadoVM SDK's folder %s has a '%s' in its name, which Java takes for the end"
                      .formatted(home, settings.pathSeparator())
                  + " of the name",
              "move it"));
    }
    return problems;
  }

  private Problem lacks(String file) {
    return new Problem(
        "the TornadoVM SDK %s lacks %s".formatted(home, file),
        "install it again, or " + HOW_TO_INSTALL);
  }

  Path libraryFolder() {
    return home.resolve("lib");
  }

  Path compilerFolder() {
    return home.resolve("share/java/graalJars");
  }

  Path exportList(String name) {
    return home.resolve("etc/exportLists").resolve(name);
  }

  /**
   * The jars to run a backend with: all libraries, but of TornadoVM's own only those that are
   * needed. A driver of another backend on the path would be loaded, and fail without its library.
   *
   * @param backend the backend
   * @return the jars, in the order of their names
   */
  List<Path> jars(SdkBackend backend) {
    List<String> own = new ArrayList<>(CORE);
    own.add("tornado-matrices");
    own.add(backend.jar());
    return names(jarFolder(home)).stream()
        .filter(jar -> jar.endsWith(".jar"))
        .filter(jar -> !jar.startsWith("tornado-") || own.stream().anyMatch(o -> isJar(jar, o)))
        .map(jar -> jarFolder(home).resolve(jar))
        .toList();
  }
}

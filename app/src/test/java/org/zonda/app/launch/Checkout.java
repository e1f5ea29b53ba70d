package org.zonda.app.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A folder that looks like a checkout to the launcher, in a world of its own: its own home, its own
 * PATH with nothing but the small tools that a system has, no JDK but those that a test puts there,
 * and a Maven that notes each call.
 */
final class Checkout {

  /** What the launcher may count on. */
  private static final List<String> TOOLS =
      List.of(
          "sh",
          "cat",
          "cp",
          "find",
          "readlink",
          "uname",
          "mkdir",
          "ln",
          "rm",
          "mv",
          "sleep",
          "df",
          "awk",
          "sed",
          "tr");

  final Path world;
  final Path root;
  final Path home;
  private final Path bin;
  private final Map<String, String> environment = new TreeMap<>();

  /** What a process did. */
  record Result(int code, long pid, String out, String err) {}

  Checkout(Path world) throws IOException {
    this.world = world;
    root = Files.createDirectories(world.resolve("a checkout with blanks"));
    home = Files.createDirectories(world.resolve("home"));
    bin = Files.createDirectories(world.resolve("bin"));
    for (String tool : TOOLS) {
      Files.createSymbolicLink(bin.resolve(tool), onThePath(tool));
    }
    environment.put("PATH", bin.toString());
    environment.put("HOME", home.toString());
    copyLauncher();
    write("pom.xml", "");
    write("model/pom.xml", "");
    write("model/src/main/java/A.java", "");
    write("model/src/main/java/B.java", "");
    write("model/inner/pom.xml", "");
    write("model/inner/src/main/java/C.java", "");
    write(
        ".mvn/wrapper/maven-wrapper.properties",
        "distributionUrl=https://example.org/apache-maven-1-bin.zip\n");
    maven("mkdir -p app/target && echo jar > app/target/zonda.jar");
  }

  void removeTools() throws IOException {
    for (String tool : TOOLS) {
      Files.delete(bin.resolve(tool));
    }
  }

  private void copyLauncher() throws IOException {
    String original = Files.readString(repository().resolve("zonda"));
    String blind = original.replaceAll("(?m)(?<= )/(usr|opt|Library)/", world + "/no/$1/");
    if (blind.equals(original)) {
      throw new IllegalStateException("the launcher looks into no usual folders any more");
    }
    script(root.resolve("zonda"), blind);
  }

  static Path repository() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("zonda"))) {
      folder = folder.getParent();
    }
    return folder;
  }

  /** A Maven that notes its arguments and then does this. */
  void maven(String commands) throws IOException {
    script(root.resolve("mvnw"), "#!/bin/sh\necho \"$@\" >> calls\n" + commands + "\n");
  }

  /** How often Maven was asked for something. */
  List<String> mavenCalls() throws IOException {
    Path calls = root.resolve("calls");
    return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
  }

  /**
   * A JDK whose java says which it is, its process id and its arguments, and ends with code 7; but
   * as FastStart it writes what FastStart writes, and as GpuStart what GpuStart writes: when and
   * why as the variables WHEN and WHY say, and a line in the file {@code gpu-calls}.
   */
  Path jdk(Path folder, String version) throws IOException {
    write(folder.resolve("release"), "IMPLEMENTOR=\"T\"\nJAVA_VERSION=\"" + version + "\"\n");
    script(
        folder.resolve("bin/java"),
        """
        #!/bin/sh
        case ${3-} in
          *.FastStart)
            mkdir -p "$5" && : > "$5/zonda.aot" && echo -x > "$5/java.args"
            exit ;;
          *.GpuStart)
            echo "$6" >> "$5/../gpu-calls"
            echo -y > "$5/gpu.args"
            echo "${WHY-}" > "$5/gpu.why"
            printf '%%s\n' "$6" "$TORNADOVM_HOME" "$WHEN" "${BY-opencl}" > "$5/gpu.key"
            exit ;;
        esac
        echo "java %s $$"
        echo "sdk <${TORNADOVM_HOME-}>"
        for argument; do echo "<$argument>"; done
        exit 7
        """
            .formatted(version));
    script(folder.resolve("bin/javac"), "#!/bin/sh\n");
    return folder;
  }

  void environment(String name, String value) {
    environment.put(name, value);
  }

  void onPath(Path folder) {
    environment.merge("PATH", folder.toString(), (path, first) -> first + ":" + path);
  }

  void write(String file, String text) throws IOException {
    write(root.resolve(file), text);
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static void script(Path file, String text) throws IOException {
    write(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** How often GpuStart was run, with which keys. */
  List<String> gpuCalls() throws IOException {
    Path calls = root.resolve("app/target/start/gpu-calls");
    return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
  }

  /** A folder that looks like an SDK to the launcher, and the variable that names it. */
  Path sdk(String when, String why) throws IOException {
    Path sdk = world.resolve("an sdk with blanks");
    for (String folder : List.of("etc", "lib", "share/java/tornado")) {
      Files.createDirectories(sdk.resolve(folder));
    }
    environment("TORNADOVM_HOME", sdk.toString());
    environment("WHEN", when);
    environment("WHY", why);
    return sdk;
  }

  /** Makes a file as new as one that was edited just now, however coarse the disk's clock. */
  void touch(String file) throws IOException {
    Files.setLastModifiedTime(root.resolve(file), FileTime.from(Instant.now().plusSeconds(2)));
  }

  Result zonda(String... arguments) throws IOException, InterruptedException {
    return run(world, concat(List.of(root.resolve("zonda").toString()), arguments));
  }

  static List<String> concat(List<String> first, String... rest) {
    return Stream.concat(first.stream(), Arrays.stream(rest)).toList();
  }

  Result run(Path folder, List<String> command) throws IOException, InterruptedException {
    Process process = start(folder, command);
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(command + " did not end");
    }
    return new Result(
        process.exitValue(), process.pid(), output(process, "out"), output(process, "err"));
  }

  Process start(Path folder, List<String> command) throws IOException {
    Path out = Files.createTempFile(world, "out", null);
    Path err = Files.createTempFile(world, "err", null);
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    process.getOutputStream().close();
    outputs.put(process.pid() + "out", out);
    outputs.put(process.pid() + "err", err);
    return process;
  }

  private final Map<String, Path> outputs = new TreeMap<>();

  String output(Process process, String which) throws IOException {
    return Files.readString(outputs.get(process.pid() + which));
  }

  /** Every file and folder of the checkout with its time. */
  Map<String, FileTime> everything() throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.collect(
          Collectors.toMap(Path::toString, Checkout::time, (one, other) -> one, TreeMap::new));
    }
  }

  private static FileTime time(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Path onThePath(String tool) {
    return Arrays.stream(System.getenv("PATH").split(":"))
        .map(folder -> Path.of(folder, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no " + tool + " on the PATH"));
  }
}

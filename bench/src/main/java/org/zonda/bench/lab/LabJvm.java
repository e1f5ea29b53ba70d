package org.zonda.bench.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.zonda.model.ZondaException;
import org.zonda.tornado.LaunchFlags;
import org.zonda.tornado.Settings;

/**
 * JVMs in which kernels are run: with the simulator, or with TornadoVM. What they need lies in a
 * temporary folder, which goes when this is closed.
 */
final class LabJvm implements AutoCloseable {

  /** Of starting a JVM with a driver, and of what is done before the first case. */
  private static final Duration START = Duration.ofSeconds(60);

  private static final ObjectMapper JSON = new ObjectMapper();

  /** How a JVM says that it crashed. */
  private static final Pattern SIGNAL = Pattern.compile("#\\s+(SIG[A-Z]+)\\b");

  /**
   * What became of a process.
   *
   * @param lines what it wrote
   * @param output what it printed
   * @param done whether it came to its end
   * @param late whether it was stopped because it took too long
   * @param code its exit code, if it was not stopped
   */
  record Ended(List<JsonNode> lines, List<String> output, boolean done, boolean late, int code) {

    /** What it says of why it could not work. */
    Optional<String> failure() {
      return lines.stream()
          .filter(line -> line.has("failed"))
          .map(line -> line.get("failed").asText())
          .findFirst();
    }

    /** Why it ended: the signal that ended it, or else the last thing that it printed. */
    String reason() {
      Optional<String> signal =
          output.stream()
              .map(SIGNAL::matcher)
              .filter(Matcher::lookingAt)
              .map(matcher -> matcher.group(1))
              .findFirst();
      if (signal.isPresent()) {
        return "crashed with " + signal.get() + ", as after an access outside of its memory";
      }
      return "ended with exit code "
          + code
          + output.stream()
              .filter(line -> !line.isBlank())
              .reduce((first, second) -> second)
              .map(line -> ": " + line.strip())
              .orElse("");
    }
  }

  private final Path folder;
  private final Thread atEnd = new Thread(this::stop);
  private String kernels = "";
  private int number;

  /** The process that runs now; a kernel that never ends must not outlive this program. */
  private volatile Process running;

  LabJvm() {
    try {
      folder = Files.createTempDirectory("zonda-lab");
    } catch (IOException e) {
      throw new ZondaException("no temporary folder can be made: " + e.getMessage(), e);
    }
    Runtime.getRuntime().addShutdownHook(atEnd);
  }

  private void stop() {
    Process process = running;
    if (process != null) {
      process.destroyForcibly();
    }
    delete();
  }

  /** The flags of a JVM with the simulator. */
  static List<String> simulator(String rules, Duration limit) {
    return List.of(
        "-Xmx2g",
        "-XX:+UseSerialGC",
        "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
        "-Dzonda.simulator.backend=" + rules,
        "-Dzonda.simulator.timeout=" + limit.toSeconds());
  }

  /** Puts a user's classes into a jar, and this on the class path of what is run from now on. */
  Path jar(Map<String, byte[]> classes) {
    Path jar = folder.resolve("kernels-" + ++number + ".jar");
    try {
      SystemClassPath.write(jar, classes);
    } catch (IOException e) {
      throw new ZondaException(jar + " cannot be written: " + e.getMessage(), e);
    }
    kernels = File.pathSeparator + jar;
    return jar;
  }

  /** Writes a file into the temporary folder. */
  Path file(String name, String text) {
    Path file = folder.resolve(name);
    try {
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new ZondaException(file + " cannot be written: " + e.getMessage(), e);
    }
  }

  /**
   * Runs a {@link CheckProcess} to its end, or stops it when it has written nothing for too long.
   *
   * @param flags of the JVM
   * @param variables of its environment, more than this process has
   * @param silence how long it may be silent
   * @param arguments those after the file's name
   */
  Ended run(
      List<String> flags, Map<String, String> variables, Duration silence, String... arguments) {
    number++;
    Path file = folder.resolve("found-" + number + ".json");
    Path output = folder.resolve("output-" + number + ".txt");
    Path options = folder.resolve("java-" + number + ".args");
    Process process = null;
    try {
      List<String> all = new ArrayList<>(flags);
      all.add("-XX:ErrorFile=" + folder.resolve("crash.txt"));
      all.add("-XX:-CreateCoredumpOnCrash");
      all.add("-classpath");
      all.add(Settings.ofProcess().classPath() + kernels);
      all.add(CheckProcess.class.getName());
      LaunchFlags.write(options, all);
      List<String> command = new ArrayList<>();
      command.add(ProcessHandle.current().info().command().orElse("java"));
      command.add("@" + options);
      command.add(file.toString());
      command.addAll(List.of(arguments));
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
      builder.environment().putAll(variables);
      process = builder.start();
      running = process;
      process.getOutputStream().close();
      boolean late = !await(process, file, silence);
      if (late) {
        process.destroyForcibly().waitFor();
      }
      return ended(file, output, late, process.exitValue());
    } catch (IOException e) {
      throw new ZondaException("no JVM can be started for the kernel: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ZondaException("interrupted while a kernel ran", e);
    } finally {
      if (process != null) {
        process.destroyForcibly();
      }
      running = null;
    }
  }

  private static boolean await(Process process, Path file, Duration silence)
      throws InterruptedException, IOException {
    long size = 0;
    long since = System.nanoTime();
    long limit = START.toNanos();
    while (!process.waitFor(50, TimeUnit.MILLISECONDS)) {
      long now = System.nanoTime();
      long grown = Files.exists(file) ? Files.size(file) : 0;
      if (grown > size) {
        size = grown;
        since = now;
        limit = silence.toNanos();
      } else if (now - since > limit) {
        return false;
      }
    }
    return true;
  }

  private static Ended ended(Path file, Path output, boolean late, int code) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    boolean done = false;
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        JsonNode node = line.endsWith("}") ? JSON.readTree(line) : JSON.createObjectNode();
        done |= node.has("done");
        lines.add(node);
      }
    }
    List<String> printed =
        new String(Files.readAllBytes(output), StandardCharsets.UTF_8).lines().toList();
    return new Ended(lines, printed, done, late, code);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(atEnd);
    } catch (IllegalStateException e) {
      return; // the program is ending, and the hook does this
    }
    delete();
  }

  private void delete() {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // The system clears its folder of temporary files.
    }
  }
}

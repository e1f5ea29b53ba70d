package org.zonda.app.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Prepares a quick start: trains the JDK's AOT cache (JEP 483, 514) for one JDK and one jar. The
 * launcher runs it once after a build; nothing depends on its success.
 *
 * <p>The cache alone brings little here: the JDK archives no linked classes when an incubator
 * module is in the boot layer, and the Vector API is one. So {@link VectorModule} takes its classes
 * out of the module.
 *
 * <p>It writes to its directory:
 *
 * <ul>
 *   <li>{@code vector.jar}, the Vector API's classes, for {@code -Xbootclasspath/a};
 *   <li>{@code zonda.aot}, the cache, for {@code -XX:AOTCache}; absent where training failed, and
 *       then the launcher starts the plain way;
 *   <li>{@code java.args}, the other JVM flags, written last: where it is newer than the program's
 *       jar, there is nothing to prepare.
 * </ul>
 */
public final class FastStart {

  /**
   * The serial collector keeps the least memory and starts soonest; what is large here, weights and
   * KV cache, is not garbage. The JVM has nothing to tell users about the cache, since a stale one
   * is ignored; its other warnings go to stderr, since stdout belongs to the program.
   */
  static final List<String> JVM =
      List.of(
          "-XX:+UseSerialGC",
          "-Xlog:disable",
          "-Xlog:all=warning,aot*=off,cds*=off:stderr",
          "-XX:+UnlockDiagnosticVMOptions",
          "-XX:-AOTReplayTraining");

  /**
   * What the JVM is trained with; the first that succeeds is used. The best is what users do: up to
   * the kernels' compilation.
   */
  private static final List<List<String>> TRAINING =
      List.of(List.of("run", "--temp", "0", "-n", "48", "Once upon a time"), List.of("--version"));

  private static final long LIMIT_SECONDS = 120;

  private final Path jar;
  private final Path vectorJar;
  private final Path notes;
  private final Path cache;
  private final Path stamp;

  private FastStart(Path jar, Path directory) throws IOException {
    Files.createDirectories(directory);
    // Absolute, as in every later start: the JVM compares paths.
    Path home = directory.toAbsolutePath();
    this.jar = jar.toAbsolutePath();
    this.vectorJar = home.resolve("vector.jar");
    this.notes = home.resolve("zonda.aotconf");
    this.cache = home.resolve("zonda.aot");
    this.stamp = home.resolve("java.args");
  }

  /**
   * Prepares, and says on stdout what it does.
   *
   * @param arguments the program's jar, and the directory to write to
   * @throws IOException if not even {@code java.args} can be written
   * @throws InterruptedException if interrupted while training
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    new FastStart(Path.of(arguments[0]), Path.of(arguments[1])).prepare();
  }

  private void prepare() throws IOException, InterruptedException {
    // Deleted, not overwritten: programs that run with the old files keep them.
    Files.deleteIfExists(stamp);
    Files.deleteIfExists(cache);
    Files.deleteIfExists(vectorJar);
    List<String> flags = new ArrayList<>(VectorModule.flags());
    flags.addAll(JVM);
    try {
      VectorModule.writeJar(vectorJar);
      train(flags);
    } catch (IOException e) {
      System.out.println("No quick start: " + e.getMessage());
      Files.deleteIfExists(cache);
    } finally {
      Files.deleteIfExists(notes);
    }
    Files.write(stamp, flags);
  }

  /** Two JVMs: one runs the program and notes what it does, one makes the cache from the notes. */
  private void train(List<String> flags) throws IOException, InterruptedException {
    List<String> java = new ArrayList<>();
    java.add(ProcessHandle.current().info().command().orElseThrow());
    java.addAll(flags);
    java.add("-Xbootclasspath/a:" + vectorJar);
    java.add("-XX:AOTConfiguration=" + notes);
    boolean trained = false;
    for (List<String> command : TRAINING) {
      trained =
          trained || run(java, List.of("-XX:AOTMode=record", "-jar", jar.toString()), command);
    }
    if (!trained) {
      throw new IOException("the training run failed");
    }
    List<String> create =
        List.of("-XX:AOTMode=create", "-XX:AOTCache=" + cache, "-jar", jar.toString());
    if (!run(java, create, List.of())) {
      throw new IOException("the JVM made no AOT cache");
    }
  }

  private static boolean run(List<String> java, List<String> mode, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(java);
    command.addAll(mode);
    command.addAll(arguments);
    System.out.println(String.join(" ", command));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      process.getOutputStream().close();
      return process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
    } finally {
      process.destroyForcibly();
    }
  }
}

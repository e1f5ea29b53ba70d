package org.zonda.app.launch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.zonda.tornado.Availability;
import org.zonda.tornado.Jdk;
import org.zonda.tornado.LaunchFlags;
import org.zonda.tornado.Problem;
import org.zonda.tornado.SdkBackend;
import org.zonda.tornado.SdkFinder;
import org.zonda.tornado.Settings;
import org.zonda.tornado.TornadoException;
import org.zonda.tornado.TornadoSdk;

/**
 * Prepares starts with TornadoVM: the JVM flags for the SDK that was found, tried once. The
 * launcher runs it when SDK, JDK or program have changed; every later start only reads what it
 * wrote.
 *
 * <p>It writes to its directory:
 *
 * <ul>
 *   <li>{@code gpu.args}, all JVM flags; absent where the SDK will not do;
 *   <li>{@code gpu.why}, where starts are to go without TornadoVM: why, in one line;
 *   <li>{@code gpu.key}, written last: what the launcher looked for, and the SDK's folder.
 * </ul>
 */
public final class GpuStart {

  private static final long LIMIT_SECONDS = 60;

  private final Path jar;
  private final Path arguments;
  private final Path reason;
  private final Path key;
  private final Path vectorJar;
  private final Path output;
  private final Settings settings = Settings.ofProcess();
  private final Jdk jdk = Jdk.running();

  private GpuStart(Path jar, Path directory) throws IOException {
    Files.createDirectories(directory);
    Path home = directory.toAbsolutePath();
    this.jar = jar.toAbsolutePath();
    arguments = home.resolve("gpu.args");
    reason = home.resolve("gpu.why");
    key = home.resolve("gpu.key");
    vectorJar = home.resolve("vector.jar");
    output = home.resolve("gpu.out");
  }

  /**
   * Prepares, and says on stdout what it does.
   *
   * @param arguments the program's jar, the directory to write to, and the launcher's key
   * @throws IOException if the files cannot be written
   * @throws InterruptedException if interrupted while trying the flags
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    new GpuStart(Path.of(arguments[0]), Path.of(arguments[1])).prepare(arguments[2]);
  }

  private void prepare(String wanted) throws IOException, InterruptedException {
    for (Path file : List.of(key, arguments, reason)) {
      Files.deleteIfExists(file);
    }
    Optional<TornadoSdk> sdk = Optional.empty();
    Optional<String> why;
    try {
      Optional<SdkBackend> backend = settings.backend();
      sdk = SdkFinder.find(backend, jdk, settings);
      why = sdk.isPresent() ? obstacle(sdk.get(), backend) : Availability.absence();
    } catch (TornadoException e) {
      why = Optional.of(e.getMessage());
    }
    if (why.isPresent()) {
      System.out.println("No start with TornadoVM: " + why.get());
      Files.writeString(reason, why.get() + "\n");
    }
    String home = sdk.map(found -> found.home().toString()).orElse("");
    Files.writeString(key, wanted + "\n" + home + "\n");
  }

  /** Writes the flags and tries them; says why they cannot be used. */
  private Optional<String> obstacle(TornadoSdk sdk, Optional<SdkBackend> wanted)
      throws IOException, InterruptedException {
    List<Problem> problems = sdk.problems(wanted, jdk, settings);
    if (!problems.isEmpty()) {
      return Optional.of(problems.getFirst().toString());
    }
    SdkBackend backend = sdk.backend(wanted, settings).orElseThrow();
    write(sdk, backend, false);
    Trial trial = devices(sdk);
    if (trial.pocl()) {
      write(sdk, backend, true);
    }
    return trial.obstacle();
  }

  private void write(TornadoSdk sdk, SdkBackend backend, boolean pocl) throws IOException {
    List<String> flags = new ArrayList<>(FastStart.JVM);
    if (Files.exists(vectorJar)) {
      flags.addAll(VectorModule.flags());
      flags.add("-Xbootclasspath/a:" + vectorJar);
    } else {
      flags.add("--add-modules=" + VectorModule.NAME);
    }
    flags.addAll(LaunchFlags.of(sdk, backend, jdk, settings, pocl));
    LaunchFlags.write(arguments, flags);
  }

  /**
   * What came of a start with the flags.
   *
   * @param obstacle why they cannot be used
   * @param pocl whether all devices are PoCL's, which needs a flag more
   */
  private record Trial(Optional<String> obstacle, boolean pocl) {

    static Trial failed(String obstacle) {
      return new Trial(Optional.of(obstacle), false);
    }
  }

  /** Has the program list its devices, as a user would. */
  private Trial devices(TornadoSdk sdk) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "@" + arguments,
                "-jar",
                jar.toString(),
                "devices",
                "--json")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put(Settings.HOME, sdk.home().toString());
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        return Trial.failed(
            "TornadoVM did not list its devices within %d seconds; is the device's driver well?"
                .formatted(LIMIT_SECONDS));
      }
      return read(process.exitValue(), Files.readAllLines(output));
    } finally {
      process.destroyForcibly();
      Files.deleteIfExists(output);
    }
  }

  /** The last line is the answer; drivers may have written others before. */
  private static Trial read(int code, List<String> lines) {
    String last = lines.isEmpty() ? "" : lines.getLast();
    if (code != 0) {
      String first =
          lines.stream().filter(line -> !line.isBlank()).findFirst().orElse("it said nothing");
      return Trial.failed(
          "a JVM with TornadoVM ends with exit code %d: %s; zonda doctor checks the installation"
              .formatted(code, first));
    }
    try {
      JsonNode answer = new ObjectMapper().readTree(last);
      String missing = answer.path("missing").asText("");
      if (answer.path("missing").isTextual()) {
        return Trial.failed(missing);
      }
      boolean pocl = true;
      for (JsonNode device : answer.path("devices")) {
        pocl &= device.path("pocl").booleanValue();
      }
      return new Trial(Optional.empty(), pocl);
    } catch (IOException e) {
      return Trial.failed("TornadoVM's list of devices cannot be read: " + last);
    }
  }
}

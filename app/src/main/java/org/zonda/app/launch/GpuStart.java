package org.zonda.app.launch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
 *   <li>{@code gpu.args}, all JVM flags, if any could be made;
 *   <li>{@code gpu.why}, where starts are to go without TornadoVM: why, in one line;
 *   <li>{@code gpu.key}, written last: what the launcher looked for, the SDK's folder, {@link
 *       When}, and the backend.
 * </ul>
 */
public final class GpuStart {

  /** When a start is to be one with TornadoVM. */
  private enum When {
    ALWAYS,
    /** Only where the user asks for the GPU: all devices are CPUs. */
    ASKED,
    NEVER
  }

  /**
   * What came of a trial.
   *
   * @param when when to use the flags
   * @param why the reason if not always
   * @param backend the backend's word, such as {@code opencl}
   * @param pocl whether all devices are PoCL's, which needs one flag more
   */
  private record Verdict(When when, String why, String backend, boolean pocl) {

    static Verdict never(String why) {
      return new Verdict(When.NEVER, why, "", false);
    }
  }

  private static final long LIMIT_SECONDS = 60;

  private final Path jar;
  private final Path arguments;
  private final Path tried;
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
    tried = home.resolve("gpu.args.tried");
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
    Files.deleteIfExists(key);
    Optional<TornadoSdk> sdk = Optional.empty();
    Verdict verdict;
    try {
      Optional<SdkBackend> backend = settings.backend();
      sdk = SdkFinder.find(backend, jdk, settings);
      verdict =
          sdk.isPresent()
              ? verdict(sdk.get(), backend)
              : Verdict.never(Availability.absence().orElse("TornadoVM is here already"));
    } catch (TornadoException e) {
      verdict = Verdict.never(e.getMessage());
    } finally {
      Files.deleteIfExists(tried);
    }
    Files.writeString(reason, verdict.why() + "\n");
    String when = verdict.when().name().toLowerCase(Locale.ROOT);
    String home = sdk.map(found -> found.home().toString()).orElse("");
    System.out.println("TornadoVM: " + when + " " + verdict.why());
    Files.write(key, List.of(wanted, home, when, verdict.backend()));
  }

  /** Writes the flags and tries them. */
  private Verdict verdict(TornadoSdk sdk, Optional<SdkBackend> wanted)
      throws IOException, InterruptedException {
    List<Problem> problems = sdk.problems(wanted, jdk, settings);
    if (!problems.isEmpty()) {
      return Verdict.never(problems.getFirst().toString());
    }
    SdkBackend backend = sdk.backend(wanted, settings).orElseThrow();
    LaunchFlags.write(tried, flags(sdk, backend, false));
    Verdict verdict = devices(sdk, backend);
    if (verdict.when() != When.NEVER) {
      LaunchFlags.write(tried, flags(sdk, backend, verdict.pocl()));
      // In one step: another start may be reading the old ones.
      Files.move(tried, arguments, StandardCopyOption.REPLACE_EXISTING);
    }
    return verdict;
  }

  private List<String> flags(TornadoSdk sdk, SdkBackend backend, boolean pocl) {
    List<String> flags = new ArrayList<>(FastStart.JVM);
    if (hasVectorJar()) {
      flags.addAll(VectorModule.flags());
      flags.add("-Xbootclasspath/a:" + vectorJar);
    } else {
      flags.add("--add-modules=" + VectorModule.NAME);
    }
    flags.addAll(LaunchFlags.of(sdk, backend, jdk, settings, pocl));
    return flags;
  }

  /** FastStart's, or one like it. */
  private boolean hasVectorJar() {
    try {
      if (!Files.exists(vectorJar)) {
        VectorModule.writeJar(vectorJar);
      }
      return true;
    } catch (IOException e) {
      System.out.println("With the Vector API's module: " + e.getMessage());
      return false;
    }
  }

  /** Has the program list its devices, as a user would. */
  private Verdict devices(TornadoSdk sdk, SdkBackend backend)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "@" + tried,
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
        return Verdict.never(
            "TornadoVM did not list its devices within %d seconds; is the device's driver well?"
                .formatted(LIMIT_SECONDS));
      }
      return read(process.exitValue(), Files.readAllLines(output), backend);
    } finally {
      process.destroyForcibly();
      Files.deleteIfExists(output);
    }
  }

  /** The last line is the answer; drivers may have written others before. */
  private static Verdict read(int code, List<String> lines, SdkBackend backend) {
    String last = lines.isEmpty() ? "" : lines.getLast();
    if (code != 0) {
      String first =
          lines.stream().filter(line -> !line.isBlank()).findFirst().orElse("it said nothing");
      return Verdict.never(
          "a JVM with TornadoVM ends with exit code %d: %s; zonda doctor checks the installation"
              .formatted(code, first));
    }
    try {
      JsonNode answer = new ObjectMapper().readTree(last);
      String missing = answer.path("missing").asText("");
      if (answer.path("missing").isTextual()) {
        return Verdict.never(missing);
      }
      boolean pocl = true;
      boolean cpu = true;
      for (JsonNode device : answer.path("devices")) {
        pocl &= device.path("pocl").booleanValue();
        cpu &= device.path("type").asText().equals("CPU");
      }
      return new Verdict(
          cpu ? When.ASKED : When.ALWAYS,
          cpu ? "TornadoVM has no device but the CPU (--backend gpu runs on it)" : "",
          backend.word(),
          pocl);
    } catch (IOException e) {
      return Verdict.never("TornadoVM's list of devices cannot be read: " + last);
    }
  }
}

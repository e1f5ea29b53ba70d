package org.zonda.app.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Preparation and start with TornadoVM of the real jar, on the JDK that runs the tests. */
class GpuStartIT {

  private static final Path JAR = Path.of("target", "zonda.jar").toAbsolutePath();

  @TempDir Path world;

  private record Result(int code, String output) {}

  private Result java(Map<String, String> environment, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(arguments);
    Path output = Files.createTempFile(world, "output", null);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return new Result(process.exitValue(), Files.readString(output));
  }

  private Path start() {
    return world.resolve("a start with blanks");
  }

  /** What it notes of the key, the SDK and when to use it; its output in a failure's message. */
  private List<String> prepare(Map<String, String> environment) throws Exception {
    Result result =
        java(
            environment,
            List.of("-cp", "" + JAR, GpuStart.class.getName(), "" + JAR, "" + start(), "a key"));
    assertThat(result.code()).as(result.output()).isZero();
    return Files.readAllLines(start().resolve("gpu.key"));
  }

  private String why() throws IOException {
    return Files.readString(start().resolve("gpu.why"));
  }

  /** The SDK on which the tests were asked to run, found by the environment. */
  private static Path sdk() {
    String home = System.getenv("TORNADOVM_HOME");
    assumeThat(home).as("TORNADOVM_HOME names a TornadoVM SDK").isNotEmpty();
    return Path.of(home).toAbsolutePath().normalize();
  }

  @Test
  void aFolderThatIsNoSdkIsNamed() throws Exception {
    assertThat(prepare(Map.of("TORNADOVM_HOME", world.toString())))
        .containsExactly("a key", world.toString(), "never", "");
    assertThat(why())
        .startsWith(world + " (from TORNADOVM_HOME) is no TornadoVM SDK")
        .hasLineCount(1);
    assertThat(start().resolve("gpu.args")).doesNotExist();
  }

  @Test
  void whereThereIsNoneThatIsSaid() throws Exception {
    assertThat(prepare(Map.of("TORNADOVM_HOME", "", "SDKMAN_DIR", world.toString())))
        .containsExactly("a key", "", "never", "");
    assertThat(why()).startsWith("no TornadoVM SDK is installed");
  }

  @Test
  void anUnknownBackendIsNamed() throws Exception {
    assertThat(prepare(Map.of("ZONDA_GPU_BACKEND", "vulkan"))).endsWith("never", "");
    assertThat(why()).startsWith("the environment variable ZONDA_GPU_BACKEND is 'vulkan'");
  }

  @Test
  void aRealSdkRunsKernels() throws Exception {
    Path sdk = sdk();
    assertThat(prepare(Map.of()).subList(0, 2)).containsExactly("a key", sdk.toString());
    Result doctor =
        java(Map.of(), List.of("@" + start().resolve("gpu.args"), "-jar", "" + JAR, "doctor"));
    assertThat(doctor.output())
        .contains("start      ok ", "API        ok ", "device 0   ok ")
        .doesNotContain("WARNING", "incubator", "problem");
    assertThat(doctor.code()).isZero();
  }

  @Test
  void aRealSdkWhoseLibraryIsSpoiltIsNotUsed() throws Exception {
    Path copy = Files.createDirectory(world.resolve("an sdk with blanks"));
    try (var files = Files.walk(sdk())) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path target = copy.resolve(sdk().relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else if (file.getParent().endsWith("lib")) {
          Files.writeString(target, "no library");
        } else if (!file.startsWith(sdk().resolve("examples"))) {
          Files.copy(file, target);
        }
      }
    }
    assertThat(prepare(Map.of("TORNADOVM_HOME", copy.toString()))).endsWith("never", "");
    assertThat(why()).startsWith("TornadoVM found no device: ").hasLineCount(1);
  }
}

package org.zonda.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaunchFlagsTest {

  @TempDir private Path folder;

  private List<String> flags(SdkBackend backend, Jdk jdk, boolean pocl) throws IOException {
    Path home = folder.resolve("an sdk");
    TornadoSdk sdk = MadeUpSdk.of(home, "5.2.0-jdk25", "opencl", "ptx", "cuda").read();
    return LaunchFlags.of(sdk, backend, jdk, MadeUpSdk.linux(folder), pocl).stream()
        .map(flag -> flag.replace(home.toString(), "$SDK"))
        .toList();
  }

  @Test
  void theFlagsAreThese() throws IOException {
    assertThat(String.join("\n", flags(SdkBackend.OPENCL, MadeUpSdk.JDK, true)))
        .isEqualTo(
            """
            -XX:+UnlockExperimentalVMOptions
            -XX:+EnableJVMCI
            --enable-native-access=ALL-UNNAMED,tornado.api,tornado.runtime,tornado.drivers.opencl
            -Djava.library.path=$SDK/lib
            -Dtornado.load.api.implementation=uk.ac.manchester.tornado.runtime.tasks.TornadoTaskGraph
            -Dtornado.load.runtime.implementation=uk.ac.manchester.tornado.runtime.TornadoCoreRuntime
            -Dtornado.load.tornado.implementation=uk.ac.manchester.tornado.runtime.common.Tornado
            -Dtornado.load.annotation.implementation=uk.ac.manchester.tornado.annotation.ASMClassVisitor
            -Dtornado.load.annotation.parallel=uk.ac.manchester.tornado.api.annotations.Parallel
            -Dtornado.recover.bailout=False
            -Dtornado.device.memory=1PB
            -Dtornado.tvm.maxbytecodesize=65536
            -Dtornado.opencl.compiler.flags=-cl-mad-enable -w -Dhalf=_Float16
            --module-path
            $SDK/share/java/tornado/asm-9.9.jar:\
            $SDK/share/java/tornado/tornado-annotation-5.2.0-jdk25.jar:\
            $SDK/share/java/tornado/tornado-api-5.2.0-jdk25.jar:\
            $SDK/share/java/tornado/tornado-drivers-common-5.2.0-jdk25.jar:\
            $SDK/share/java/tornado/tornado-drivers-opencl-5.2.0-jdk25.jar:\
            $SDK/share/java/tornado/tornado-matrices-5.2.0-jdk25.jar:\
            $SDK/share/java/tornado/tornado-runtime-5.2.0-jdk25.jar
            --upgrade-module-path
            $SDK/share/java/graalJars
            --add-modules
            tornado.runtime,tornado.annotation,tornado.drivers.common,tornado.drivers.opencl
            --add-reads=tornado.runtime=jdk.graal.compiler
            --add-exports
            java.base/jdk.internal.misc=tornado.runtime
            --add-opens=java.base/java.lang=tornado.drivers.opencl""");
  }

  @Test
  void onlyTheChosenBackendIsOnThePath() throws IOException {
    String flags = String.join("\n", flags(SdkBackend.CUDA, MadeUpSdk.JDK, false));
    assertThat(flags)
        .contains("tornado-drivers-cuda-5.2.0-jdk25.jar", "tornado.drivers.cuda")
        .doesNotContain("opencl", "ptx", "tornado-examples", "tornado-cublas");
  }

  @Test
  void onlyPoclIsToldOfHalfFloats() throws IOException {
    assertThat(flags(SdkBackend.OPENCL, MadeUpSdk.JDK, false))
        .contains("-Dtornado.opencl.compiler.flags=-cl-mad-enable -w");
  }

  @Test
  void graalVmKeepsItsOwnCompiler() throws IOException {
    Jdk graal = new Jdk(MadeUpSdk.JDK.version(), true, true);
    assertThat(flags(SdkBackend.OPENCL, graal, false)).doesNotContain("--upgrade-module-path");
  }

  /** The JVM itself reads the file: blanks, quotes and backslashes must arrive as they were. */
  @Test
  void theJvmReadsTheFileAsItWasWritten() throws Exception {
    List<String> values = List.of("two words", "a\"quote", "back\\slash\\", "#no comment", "'x'");
    List<String> arguments = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      arguments.add("-Dvalue" + i + "=" + values.get(i));
    }
    Path file = folder.resolve("the arguments");
    LaunchFlags.write(file, arguments);
    Path program = folder.resolve("Show.java");
    Files.writeString(
        program,
        "void main() { for (int i = 0; i < %d; i++) IO.println(System.getProperty(\"value\" + i)); }"
            .formatted(values.size()));
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "@" + file,
                program.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output.lines()).containsExactlyElementsOf(values);
  }
}

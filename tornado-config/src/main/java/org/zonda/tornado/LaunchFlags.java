package org.zonda.tornado;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The JVM flags that put TornadoVM's modules beside a program on the class path. There the module
 * {@code tornado.api} owns the packages that the program's own jar has too, and the simulator in it
 * is never seen.
 */
public final class LaunchFlags {

  /** How its API finds its implementation. */
  private static final List<String> PROVIDERS =
      List.of(
          "-Dtornado.load.api.implementation=uk.ac.manchester.tornado.runtime.tasks.TornadoTaskGraph",
          "-Dtornado.load.runtime.implementation=uk.ac.manchester.tornado.runtime.TornadoCoreRuntime",
          "-Dtornado.load.tornado.implementation=uk.ac.manchester.tornado.runtime.common.Tornado",
          "-Dtornado.load.annotation.implementation=uk.ac.manchester.tornado.annotation.ASMClassVisitor",
          "-Dtornado.load.annotation.parallel=uk.ac.manchester.tornado.api.annotations.Parallel");

  /**
   * The OpenCL compiler's flags. TornadoVM's default has {@code -cl-fast-relaxed-math} too, which
   * lets the driver assume that nothing is infinite and round as it likes.
   */
  private static final String OPENCL_FLAGS = "-cl-mad-enable -w";

  /** PoCL has no half type of OpenCL's, but its compiler, Clang, has one of C's. */
  private static final String POCL_FLAGS = OPENCL_FLAGS + " -Dhalf=_Float16";

  private LaunchFlags() {}

  /**
   * Builds the flags.
   *
   * @param sdk an SDK without {@linkplain TornadoSdk#problems problems}
   * @param backend the backend to run; no other driver's jar will be on the path
   * @param jdk the JDK to run with
   * @param settings names the platform
   * @param pocl whether the OpenCL devices are PoCL's
   * @return arguments for {@code java}, one an element
   * @throws TornadoException if one of the SDK's export lists cannot be read
   */
  public static List<String> of(
      TornadoSdk sdk, SdkBackend backend, Jdk jdk, Settings settings, boolean pocl) {
    List<String> flags = new ArrayList<>();
    flags.add("-XX:+UnlockExperimentalVMOptions");
    flags.add("-XX:+EnableJVMCI");
    flags.add("--enable-native-access=ALL-UNNAMED,tornado.api,tornado.runtime," + backend.module());
    flags.add("-Djava.library.path=" + sdk.libraryFolder());
    flags.addAll(PROVIDERS);
    // The default runs a kernel that does not compile as plain Java with all ids 0, and says
    // nothing.
    flags.add("-Dtornado.recover.bailout=False");
    // A limit of its own accounting, by default 4 GB. Zonda plans the memory before it uploads.
    flags.add("-Dtornado.device.memory=1PB");
    flags.add("-Dtornado.tvm.maxbytecodesize=65536");
    if (backend == SdkBackend.OPENCL) {
      flags.add("-Dtornado.opencl.compiler.flags=" + (pocl ? POCL_FLAGS : OPENCL_FLAGS));
    }
    flags.add("--module-path");
    flags.add(
        sdk.jars(backend).stream()
            .map(Path::toString)
            .collect(Collectors.joining(settings.pathSeparator())));
    if (!jdk.graal()) {
      flags.add("--upgrade-module-path");
      flags.add(sdk.compilerFolder().toString());
    }
    flags.add("--add-modules");
    flags.add("tornado.runtime,tornado.annotation,tornado.drivers.common," + backend.module());
    flags.addAll(exports(sdk, "common-exports"));
    flags.addAll(exports(sdk, backend.exportList()));
    return flags;
  }

  /** An export list is an argument file: flags, blank lines and comments. */
  private static List<String> exports(TornadoSdk sdk, String name) {
    Path file = sdk.exportList(name);
    try {
      return Files.readAllLines(file).stream()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .flatMap(line -> Stream.of(line.split("\\s+")))
          .toList();
    } catch (IOException e) {
      throw new TornadoException(
          "%s: the TornadoVM SDK's export list cannot be read: %s"
              .formatted(file, FileFaults.reason(e)),
          e);
    }
  }

  /**
   * Writes arguments as a file for {@code java @file}, each in quotes, so that blanks and
   * backslashes in paths stay what they are.
   *
   * @param file the file to write
   * @param arguments one an element
   * @throws IOException if it cannot be written
   */
  public static void write(Path file, List<String> arguments) throws IOException {
    Files.write(file, arguments.stream().map(LaunchFlags::quoted).toList());
  }

  private static String quoted(String argument) {
    return '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}

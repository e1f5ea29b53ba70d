package org.zonda.tornado.simulator;

import java.util.Locale;
import java.util.function.UnaryOperator;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;

/**
 * What the simulated device is like.
 *
 * @param backend whose rules hold: {@code OPENCL}, {@code PTX} or {@code CUDA} ({@code
 *     zonda.simulator.backend}; default OpenCL)
 * @param memory bytes of device memory ({@code zonda.simulator.memory}; default 4 GiB)
 * @param localMemory bytes of local memory of a group ({@code zonda.simulator.local-memory};
 *     default 48 KiB)
 * @param groupSize the most work-items of a group ({@code zonda.simulator.group-size}; default
 *     1024)
 * @param checks whether accesses are watched ({@code zonda.simulator.checks}; default true)
 * @param timeout seconds after which a launch that still goes round a loop is stopped ({@code
 *     zonda.simulator.timeout}; default 0, never)
 */
record Settings(
    TornadoVMBackendType backend,
    long memory,
    long localMemory,
    int groupSize,
    boolean checks,
    long timeout) {

  /** The settings of the system properties. */
  static Settings fromSystemProperties() {
    return of(System::getProperty);
  }

  /** The settings of properties that are looked up by name; null where one is not set. */
  static Settings of(UnaryOperator<String> properties) {
    long groupSize = number(properties, "zonda.simulator.group-size", 1024);
    if (groupSize > Shadow.MAX_ITEMS) {
      throw new IllegalArgumentException(
          "zonda.simulator.group-size is '"
              + groupSize
              + "'; it must be at most "
              + Shadow.MAX_ITEMS);
    }
    return new Settings(
        backend(properties.apply("zonda.simulator.backend")),
        number(properties, "zonda.simulator.memory", 4L << 30),
        number(properties, "zonda.simulator.local-memory", 48 << 10),
        (int) groupSize,
        flag(properties, "zonda.simulator.checks", true),
        properties.apply("zonda.simulator.timeout") == null
            ? 0
            : number(properties, "zonda.simulator.timeout", 0));
  }

  private static TornadoVMBackendType backend(String name) {
    return switch (name == null ? "opencl" : name.toLowerCase(Locale.ROOT)) {
      case "opencl" -> TornadoVMBackendType.OPENCL;
      case "ptx" -> TornadoVMBackendType.PTX;
      case "cuda" -> TornadoVMBackendType.CUDA;
      default ->
          throw new IllegalArgumentException(
              "zonda.simulator.backend is '" + name + "'; it must be opencl, ptx or cuda");
    };
  }

  private static long number(UnaryOperator<String> properties, String name, long fallback) {
    String text = properties.apply(name);
    if (text == null) {
      return fallback;
    }
    try {
      long value = Long.parseLong(text);
      if (value > 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Reported below.
    }
    throw new IllegalArgumentException(
        name + " is '" + text + "'; it must be a whole number above zero");
  }

  private static boolean flag(UnaryOperator<String> properties, String name, boolean fallback) {
    return switch (properties.apply(name)) {
      case null -> fallback;
      case "true" -> true;
      case "false" -> false;
      case String text ->
          throw new IllegalArgumentException(name + " is '" + text + "'; it must be true or false");
    };
  }

  /** The backend's name as people write it. */
  String backendName() {
    return backend == TornadoVMBackendType.OPENCL ? "OpenCL" : backend.name();
  }
}

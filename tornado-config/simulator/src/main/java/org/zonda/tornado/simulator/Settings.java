package org.zonda.tornado.simulator;

import java.util.Locale;
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
 */
record Settings(
    TornadoVMBackendType backend, long memory, long localMemory, int groupSize, boolean checks) {

  /** The settings of the system properties. */
  static Settings fromSystemProperties() {
    return new Settings(
        backend(System.getProperty("zonda.simulator.backend", "opencl")),
        number("zonda.simulator.memory", 4L << 30),
        number("zonda.simulator.local-memory", 48 << 10),
        (int) number("zonda.simulator.group-size", 1024),
        flag("zonda.simulator.checks", true));
  }

  private static TornadoVMBackendType backend(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "opencl" -> TornadoVMBackendType.OPENCL;
      case "ptx" -> TornadoVMBackendType.PTX;
      case "cuda" -> TornadoVMBackendType.CUDA;
      default ->
          throw new IllegalArgumentException(
              "zonda.simulator.backend is '" + name + "'; it must be opencl, ptx or cuda");
    };
  }

  private static long number(String property, long fallback) {
    String text = System.getProperty(property);
    if (text == null) {
      return fallback;
    }
    try {
      long value = Long.parseLong(text);
      if (value > 0 && value <= Long.MAX_VALUE) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Reported below.
    }
    throw new IllegalArgumentException(
        property + " is '" + text + "'; it must be a whole number above zero");
  }

  private static boolean flag(String property, boolean fallback) {
    String text = System.getProperty(property);
    if (text == null) {
      return fallback;
    }
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new IllegalArgumentException(
              property + " is '" + text + "'; it must be true or false");
    };
  }

  /** The backend's name as people write it. */
  String backendName() {
    return backend == TornadoVMBackendType.OPENCL ? "OpenCL" : backend.name();
  }
}

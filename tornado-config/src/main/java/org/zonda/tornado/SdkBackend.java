package org.zonda.tornado;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The backends of TornadoVM that Zonda uses, the preferred first: CUDA can capture graphs and has
 * the most operations; OpenCL runs nearly everywhere.
 */
public enum SdkBackend {
  CUDA("CUDA", "NVIDIA's driver (nvidia-smi shows whether it works)"),
  PTX("PTX", "NVIDIA's driver (nvidia-smi shows whether it works)"),
  METAL("Metal", "macOS on Apple silicon"),
  OPENCL("OpenCL", "the OpenCL driver of the device's vendor (clinfo shows whether it works)");

  private final String label;
  private final String driver;

  SdkBackend(String label, String driver) {
    this.label = label;
    this.driver = driver;
  }

  /**
   * What people call it.
   *
   * @return such as {@code OpenCL}
   */
  public String label() {
    return label;
  }

  /**
   * What must be installed beside the SDK.
   *
   * @return the driver, for a message
   */
  public String driver() {
    return driver;
  }

  /**
   * Its word in the SDK's file names.
   *
   * @return such as {@code opencl}
   */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Its Java module. */
  String module() {
    return "tornado.drivers." + word();
  }

  /** Its jar, without the version. */
  String jar() {
    return "tornado-drivers-" + word();
  }

  /** Its export list in {@code etc/exportLists}. */
  String exportList() {
    return word() + "-exports";
  }

  /**
   * Finds a backend by its word.
   *
   * @param word such as {@code opencl}, in whatever case
   * @return the backend; empty if there is none of that name
   */
  public static Optional<SdkBackend> named(String word) {
    return Arrays.stream(values())
        .filter(backend -> backend.word().equals(word.toLowerCase(Locale.ROOT)))
        .findFirst();
  }

  /** All words, for messages. */
  static String words() {
    return Arrays.stream(values()).map(SdkBackend::word).collect(Collectors.joining(", "));
  }
}

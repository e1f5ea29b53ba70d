package org.zonda.bench.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.zonda.model.ZondaException;

/**
 * What TornadoVM makes of a kernel.
 *
 * @param language such as {@code OpenCL C}
 * @param text the code; empty if there is none
 * @param missing why there is none
 */
public record GeneratedCode(String language, String text, Optional<String> missing) {

  private static final String CUDA = "CUDA";

  private static final Duration LIMIT = Duration.ofSeconds(60);

  /**
   * Has TornadoVM compile a kernel of Zonda's for the first device of its SDK.
   *
   * @param entry the kernel
   * @return its code, or why there is none
   */
  public static GeneratedCode of(KernelEntry entry) {
    try (LabJvm jvm = new LabJvm()) {
      return generate(jvm, entry, "", entry.method().getName());
    }
  }

  /**
   * Has TornadoVM compile a user's kernel.
   *
   * @param kernels the file's
   * @param kernel one of them
   * @return its code, or why there is none
   */
  public static GeneratedCode of(UserKernels kernels, UserKernel kernel) {
    try (LabJvm jvm = new LabJvm()) {
      String jar = jvm.jar(kernels.classes()).toString();
      return generate(jvm, kernel.entry(), jar, kernel.method().getName());
    }
  }

  private static GeneratedCode generate(LabJvm jvm, KernelEntry entry, String jar, String method) {
    LabSdk sdk;
    try {
      sdk = LabSdk.find();
    } catch (ZondaException e) {
      return missing(e.getMessage());
    }
    List<String> flags;
    LabSdk.RealDevice device;
    try {
      List<LabSdk.RealDevice> devices = sdk.devices(jvm);
      device =
          devices.stream()
              .filter(d -> entry.backends().contains(d.backend()))
              .findFirst()
              .orElse(null);
      if (device == null) {
        return missing(
            "the kernel needs %s, and the SDK's devices are %s"
                .formatted(
                    String.join(" or ", entry.backends()),
                    devices.stream().map(LabSdk.RealDevice::name).toList()));
      }
      flags = new ArrayList<>(sdk.flags());
    } catch (ZondaException e) {
      if (!sdk.backend().equals(CUDA)) {
        return missing(e.getMessage());
      }
      device = new LabSdk.RealDevice(CheckProcess.VIRTUAL, "virtual GPU", CUDA);
      flags = sdk.virtualFlags(jvm);
    }
    flags.add("-Dtornado.printKernel=True");
    LabJvm.Ended ended =
        jvm.run(
            flags,
            sdk.variables(),
            LIMIT,
            CheckProcess.Task.GENERATE.name(),
            entry.id(),
            jar,
            Integer.toString(device.number()));
    String text = kernel(ended.output(), method);
    if (text.isEmpty()) {
      return missing(
          ended
              .failure()
              .orElse(
                  "TornadoVM printed no kernel named "
                      + method
                      + "; its process "
                      + ended.reason()));
    }
    return new GeneratedCode(language(device.backend()), text, Optional.empty());
  }

  private static GeneratedCode missing(String reason) {
    return new GeneratedCode("", "", Optional.of(reason));
  }

  private static String language(String backend) {
    return switch (backend) {
      case "OPENCL" -> "OpenCL C";
      case CUDA -> "CUDA C";
      default -> backend;
    };
  }

  /**
   * The kernel among what was printed, with the lines right before it: other kernels of the graph
   * are there too.
   */
  private static String kernel(List<String> lines, String method) {
    int head = 0;
    while (head < lines.size() && !isHead(lines.get(head), method)) {
      head++;
    }
    if (head == lines.size()) {
      return "";
    }
    int first = head;
    while (first > 0 && !lines.get(first - 1).isBlank() && !lines.get(first - 1).startsWith("}")) {
      first--;
    }
    int last = head;
    while (last < lines.size() - 1 && !lines.get(last).startsWith("}")) {
      last++;
    }
    return lines.subList(first, last + 1).stream()
        .map(String::stripTrailing)
        .collect(Collectors.joining("\n", "", "\n"));
  }

  /** OpenCL's, CUDA's and PTX's way to begin a kernel; PTX adds the types to the name. */
  private static boolean isHead(String line, String method) {
    return (line.contains("__kernel ") || line.contains("__global__ "))
            && line.contains(" " + method + "(")
        || line.contains(".entry ") && line.contains(method);
  }
}

package org.zonda.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Where something was measured. Nothing in it names the user or the host.
 *
 * @param cpu the processor's model
 * @param cores processors that the JVM may use
 * @param memoryBytes the machine's memory, or the container's share of it
 * @param system name, version and architecture of the operating system
 * @param java name and version of the virtual machine
 */
public record Machine(String cpu, int cores, long memoryBytes, String system, String java) {

  /**
   * Looks at this machine.
   *
   * @return what was found; a CPU that cannot be told is called by its architecture
   */
  public static Machine detect() {
    var system =
        ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
    var runtime = ManagementFactory.getRuntimeMXBean();
    return new Machine(
        procValue("/proc/cpuinfo", "model name")
            .or(() -> output("sysctl", "-n", "machdep.cpu.brand_string"))
            .orElse(system.getArch()),
        system.getAvailableProcessors(),
        system.getTotalMemorySize(),
        "%s %s %s".formatted(system.getName(), system.getVersion(), system.getArch()),
        "%s %s (%s)".formatted(runtime.getVmName(), Runtime.version(), runtime.getVmVendor()));
  }

  /**
   * The most physical memory that this process has had, mapped files included.
   *
   * @return bytes; empty where the system does not tell
   */
  public static OptionalLong peakResidentBytes() {
    Optional<String> peak = procValue("/proc/self/status", "VmHWM");
    return peak.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(1024 * Long.parseLong(peak.get().replace(" kB", "")));
  }

  /**
   * Lets {@link #peakResidentBytes} begin anew with what the process has now.
   *
   * @return whether the system can do that, as Linux can
   */
  public static boolean resetPeakResidentBytes() {
    try {
      Files.writeString(Path.of("/proc/self/clear_refs"), "5");
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Asks for a class, not for its module: the launcher may bring the one without the other. */
  static boolean hasVectorApi() {
    try {
      Class.forName("jdk.incubator.vector.LongVector", false, Machine.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** Such as {@code 1 thread} or {@code 2 threads}. */
  static String threads(int count) {
    return count == 1 ? "1 thread" : count + " threads";
  }

  /** The value of the first line {@code name: value} of a file that Linux has. */
  private static Optional<String> procValue(String file, String name) {
    try (Stream<String> lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** What a command prints, where there is such a command and it succeeds. */
  static Optional<String> output(String... command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      process.getOutputStream().close();
      String text =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return process.waitFor() == 0 && !text.isEmpty() ? Optional.of(text) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}

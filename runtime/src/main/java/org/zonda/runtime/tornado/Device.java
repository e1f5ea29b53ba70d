package org.zonda.runtime.tornado;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.zonda.model.ZondaException;
import org.zonda.tornado.DeviceIdentity;
import org.zonda.tornado.DeviceProfile;
import org.zonda.tornado.DeviceProfiles;
import org.zonda.tornado.TornadoException;
import uk.ac.manchester.tornado.api.TornadoTargetDevice;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;

/**
 * A device that kernels can run on.
 *
 * @param number by which users choose it, from 0
 * @param handle TornadoVM's object for it
 * @param identity backend, vendor, name and type
 * @param platform the driver that brings it, such as {@code NVIDIA CUDA}
 * @param memory bytes of global memory
 * @param largestAllocation bytes that one array may have
 * @param localMemory bytes that a work-group shares
 * @param largestGroup work-items that a work-group may have
 * @param computeUnits cores, multiprocessors or whatever the vendor calls them
 */
public record Device(
    int number,
    TornadoDevice handle,
    DeviceIdentity identity,
    String platform,
    long memory,
    long largestAllocation,
    long localMemory,
    int largestGroup,
    int computeUnits) {

  /** OpenCL's name for the driver that runs kernels on the CPU. */
  private static final String POCL = "Portable Computing Language";

  private static final Pattern VENDOR = Pattern.compile("Device vendor\\s*:\\s*(.*)");

  /**
   * Asks a device what it is.
   *
   * @param number its number for users
   * @param handle TornadoVM's object for it
   * @param simulated whether it is the simulator's
   * @return the device
   */
  static Device of(int number, TornadoDevice handle, boolean simulated) {
    TornadoTargetDevice physical = handle.getPhysicalDevice();
    TornadoVMBackendType backend = handle.getTornadoVMBackend();
    return new Device(
        number,
        handle,
        new DeviceIdentity(
            simulated ? "SIMULATOR" : backend.name(),
            vendor(backend, physical),
            physical.getDeviceName().strip(),
            handle.getDeviceType().name()),
        handle.getPlatformName().strip(),
        handle.getMaxGlobalMemory(),
        handle.getMaxAllocMemory(),
        handle.getDeviceLocalMemorySize(),
        largestGroup(physical),
        physical.getDeviceMaxComputeUnits());
  }

  /** TornadoVM passes OpenCL's answer on in a text only. */
  private static String vendor(TornadoVMBackendType backend, TornadoTargetDevice physical) {
    return switch (backend) {
      case CUDA, PTX -> "NVIDIA";
      case METAL -> "Apple";
      default -> {
        Matcher matcher = VENDOR.matcher(String.valueOf(physical.getDeviceInfo()));
        yield matcher.find() ? matcher.group(1).strip() : "";
      }
    };
  }

  private static int largestGroup(TornadoTargetDevice physical) {
    long most = Arrays.stream(physical.getDeviceMaxWorkGroupSize()).max().orElse(1);
    return (int) Math.clamp(most, 1, Integer.MAX_VALUE);
  }

  /**
   * TornadoVM's backend that drives it; of the simulator, the one whose rules hold.
   *
   * @return such as {@code OPENCL}
   */
  public String backend() {
    return handle.getTornadoVMBackend().name();
  }

  /**
   * Whether it is the simulator.
   *
   * @return whether kernels run on the CPU, slow and checked
   */
  public boolean simulated() {
    return identity.backend().equals("SIMULATOR");
  }

  /**
   * Whether it is PoCL's, which runs OpenCL kernels on the CPU.
   *
   * @return whether the platform is PoCL
   */
  public boolean pocl() {
    return platform.equals(POCL);
  }

  /**
   * Whether kernels may compute with half floats.
   *
   * @return whether the driver says so; PoCL does not, but its compiler can
   */
  public boolean halfFloats() {
    return !identity.backend().equals("OPENCL")
        || pocl()
        || handle.getPhysicalDevice().getDeviceInfo().contains("cl_khr_fp16");
  }

  /**
   * Whether the driver can capture a graph and replay it with one call.
   *
   * @return whether TornadoVM's backend offers it
   */
  public boolean capturedGraphs() {
    return isNvidia(handle);
  }

  /**
   * Whether kernels may multiply four pairs of signed bytes and add them in one instruction.
   *
   * @return whether TornadoVM's backend offers it
   */
  public boolean byteDotProducts() {
    return isNvidia(handle);
  }

  /**
   * Whether kernels may use tensor cores.
   *
   * @return whether TornadoVM's backend offers it
   */
  public boolean matrixUnits() {
    return isNvidia(handle);
  }

  /** Whether it is driven by one of the backends that have NVIDIA's instructions. */
  static boolean isNvidia(TornadoDevice device) {
    TornadoVMBackendType backend = device.getTornadoVMBackend();
    return backend == TornadoVMBackendType.CUDA || backend == TornadoVMBackendType.PTX;
  }

  /**
   * How kernels are cut for it.
   *
   * @param file a user's file with changes
   * @return the profile, within the groups that the device can have
   * @throws ZondaException if the user's file cannot be used; the message names file and field
   */
  public DeviceProfile profile(Optional<Path> file) {
    try {
      return DeviceProfiles.choose(identity, file).within(largestGroup);
    } catch (TornadoException e) {
      throw new ZondaException(e.getMessage(), e);
    }
  }

  /**
   * What people call it.
   *
   * @return such as {@code NVIDIA GeForce RTX 4070 (CUDA)}
   */
  public String description() {
    return simulated() ? identity.name() : identity.name() + " (" + identity.backend() + ")";
  }
}

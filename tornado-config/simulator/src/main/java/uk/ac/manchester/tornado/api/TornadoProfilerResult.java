package uk.ac.manchester.tornado.api;

import org.zonda.tornado.simulator.Plan;
import org.zonda.tornado.simulator.Profile;

/** Times in nanoseconds and sizes in bytes of a plan's last execution. */
public class TornadoProfilerResult {
  private final Profile profile;

  TornadoProfilerResult(Plan plan) {
    this.profile = plan.profile();
  }

  /** All of the execution. */
  public long getTotalTime() {
    return profile.total();
  }

  /** All compilation. */
  public long getCompileTime() {
    return profile.compilation();
  }

  /** Compilation from Java. */
  public long getTornadoCompilerTime() {
    return profile.compilation();
  }

  /** Compilation by the driver. */
  public long getDriverInstallTime() {
    return 0;
  }

  /** All transfers. */
  public long getDataTransfersTime() {
    return profile.copyIn() + profile.copyOut();
  }

  /** Transfers to the device. */
  public long getDeviceWriteTime() {
    return profile.copyIn();
  }

  /** Transfers to the host. */
  public long getDeviceReadTime() {
    return profile.copyOut();
  }

  /** The dispatch of transfers. */
  public long getDataTransferDispatchTime() {
    return 0;
  }

  /** The dispatch of kernels. */
  public long getKernelDispatchTime() {
    return 0;
  }

  /** All kernels. */
  public long getDeviceKernelTime() {
    return profile.kernels();
  }

  /** Bytes copied to the device. */
  public long getTotalBytesCopyIn() {
    return profile.bytesIn();
  }

  /** Bytes copied to the host. */
  public long getTotalBytesCopyOut() {
    return profile.bytesOut();
  }

  /** Bytes copied either way. */
  public long getTotalBytesTransferred() {
    return profile.bytesIn() + profile.bytesOut();
  }

  /** Bytes of device memory in use. */
  public long getTotalDeviceMemoryUsage() {
    return profile.deviceMemory();
  }

  /** The times of each task, as JSON. */
  public String getProfileLog() {
    return profile.log();
  }

  /** Prints the times of each task. */
  public void dumpProfiles() {
    System.out.println(getProfileLog());
  }
}

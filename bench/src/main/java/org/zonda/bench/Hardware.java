package org.zonda.bench;

import java.util.Optional;
import org.zonda.runtime.placement.DeviceInfo;

/** What kind of thing a candidate runs on, as far as its figures depend on it. */
public enum Hardware {
  /** The processor, through the Vector API. */
  PROCESSOR(null),
  /** A graphics card or another accelerator. */
  ACCELERATOR(null),
  /** An OpenCL device that is the processor itself, such as PoCL's. */
  PROCESSOR_AS_DEVICE("CPU device (such as PoCL): not a GPU's speed"),
  /** TornadoVM's API run on the host, with every access checked. */
  SIMULATOR("simulator: no speed claim");

  private final String caveat;

  Hardware(String caveat) {
    this.caveat = caveat;
  }

  /**
   * What a device is.
   *
   * @param kind of a device
   * @return what its figures depend on
   */
  public static Hardware of(DeviceInfo.Kind kind) {
    return switch (kind) {
      case GPU -> ACCELERATOR;
      case CPU -> PROCESSOR_AS_DEVICE;
      case SIMULATOR -> SIMULATOR;
    };
  }

  /**
   * What must be said beside every figure.
   *
   * @return a few words; empty where figures speak for themselves
   */
  public Optional<String> caveat() {
    return Optional.ofNullable(caveat);
  }

  /**
   * Whether a figure may be drawn beside others.
   *
   * @return false for the simulator
   */
  public boolean claimsSpeed() {
    return this != SIMULATOR;
  }
}

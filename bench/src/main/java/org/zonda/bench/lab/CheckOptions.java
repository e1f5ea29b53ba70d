package org.zonda.bench.lab;

import java.time.Duration;
import java.util.Optional;
import org.zonda.model.ZondaException;

/**
 * How kernels are checked.
 *
 * @param simulator whether on the simulator
 * @param devices whether on TornadoVM's devices
 * @param timeout how long a launch may take
 * @param rules whose rules the simulator keeps: {@code opencl}, {@code cuda} or {@code ptx}; empty
 *     for OpenCL's, or CUDA's where the kernel needs them
 */
public record CheckOptions(
    boolean simulator, boolean devices, Duration timeout, Optional<String> rules) {

  /** Everywhere, ten seconds a launch. */
  public static final CheckOptions DEFAULT =
      new CheckOptions(true, true, Duration.ofSeconds(10), Optional.empty());

  /** Checks the limits. */
  public CheckOptions {
    if (timeout.toSeconds() < 1 || timeout.toHours() >= 1) {
      throw new ZondaException(
          "the time limit is %d s; it must be 1 to 3599".formatted(timeout.toSeconds()));
    }
  }
}

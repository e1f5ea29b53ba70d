package org.zonda.tornado;

import java.util.Objects;

/**
 * What a device says of itself, as far as the choice of its profile goes.
 *
 * @param backend TornadoVM's backend that drives it: {@code OPENCL}, {@code PTX}, {@code CUDA},
 *     {@code METAL}; {@code SIMULATOR} for the simulator
 * @param vendor who makes it or its driver, such as {@code NVIDIA Corporation}; may be empty
 * @param name such as {@code NVIDIA GeForce RTX 4070}
 * @param type {@code GPU}, {@code CPU}, {@code ACCELERATOR} or {@code UNKNOWN}
 */
public record DeviceIdentity(String backend, String vendor, String name, String type) {

  /** Refuses nulls. */
  public DeviceIdentity {
    Objects.requireNonNull(backend, "backend");
    Objects.requireNonNull(vendor, "vendor");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
  }

  @Override
  public String toString() {
    return "%s (%s %s, %s)".formatted(name, vendor, type, backend);
  }
}

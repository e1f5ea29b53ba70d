package org.zonda.runtime.placement;

/**
 * A device besides the CPU, as far as its choice and the plan of its memory go.
 *
 * @param number by which users choose it, from 0
 * @param description such as {@code NVIDIA GeForce RTX 4070 (CUDA)}
 * @param kind what it is
 * @param memory bytes it has
 * @param largestAllocation bytes that one array may have
 */
public record DeviceInfo(
    int number, String description, Kind kind, long memory, long largestAllocation) {

  /** What a device is. */
  public enum Kind {
    /** A graphics processor or another accelerator. */
    GPU,
    /** The processor, through a driver that runs kernels on it. */
    CPU,
    /** Kernels run in Java, slowly, and every access is checked. */
    SIMULATOR
  }

  /** The least that drivers, the display and other programs leave free. */
  private static final long LEAST_RESERVE = 512L << 20;

  /** One part in so many of the memory stays free, if that is more. */
  private static final int RESERVED_SHARE = 12;

  /**
   * Bytes that stay free: the driver, its compiled kernels, the display and other programs take
   * some of a device's memory, and none of them says how much.
   *
   * @return the reserve, never more than half of the memory
   */
  public long reserve() {
    return Math.min(memory / 2, Math.max(LEAST_RESERVE, memory / RESERVED_SHARE));
  }

  /**
   * Bytes that a model may take.
   *
   * @return the memory less the reserve
   */
  public long usable() {
    return memory - reserve();
  }
}

package org.zonda.bench.device;

import java.util.List;
import java.util.OptionalDouble;
import org.zonda.bench.Spread;

/**
 * How long a kernel took.
 *
 * @param kernel its name
 * @param shape the sizes
 * @param bytes that a launch must move
 * @param multiplyAdds that it computes; 0 where that is not its work
 * @param launches in one graph
 * @param launchSeconds wall time of a graph over its launches, several times
 * @param kernelSeconds time of a launch on the device by TornadoVM's profiler, the median; empty
 *     where it does not tell
 */
public record KernelTiming(
    String kernel,
    String shape,
    long bytes,
    long multiplyAdds,
    int launches,
    Spread launchSeconds,
    OptionalDouble kernelSeconds) {

  /**
   * The speed at which it moved its bytes in the median: by the device's clock where that is known.
   *
   * @return bytes a second
   */
  public double bytesPerSecond() {
    return bytes / kernelSeconds.orElseGet(launchSeconds::median);
  }

  /**
   * The speed at which it computed in the median, by the same clock.
   *
   * @return multiply-adds a second; 0 where that is not its work
   */
  public double multiplyAddsPerSecond() {
    return bytesPerSecond() / bytes * multiplyAdds;
  }

  /**
   * The speed of each sample, by the wall's clock where the device's is not known.
   *
   * @return bytes a second
   */
  public Spread speed() {
    return kernelSeconds.isPresent()
        ? new Spread(List.of(bytes / kernelSeconds.getAsDouble()))
        : new Spread(launchSeconds.values().stream().map(seconds -> bytes / seconds).toList());
  }

  /**
   * The speed at which it computed.
   *
   * @return multiply-adds a second
   */
  public Spread compute() {
    return new Spread(
        speed().values().stream().map(speed -> speed / bytes * multiplyAdds).toList());
  }

  /**
   * Multiply-adds for each byte.
   *
   * @return the place in a roofline
   */
  public double intensity() {
    return (double) multiplyAdds / bytes;
  }

  /**
   * What a launch took beyond the kernel.
   *
   * @return seconds between launches; empty where the device's time is not known
   */
  public OptionalDouble gapSeconds() {
    return kernelSeconds.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(Math.max(0, launchSeconds.median() - kernelSeconds.getAsDouble()));
  }
}

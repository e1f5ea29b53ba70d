package org.zonda.bench.compare;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.zonda.bench.Hardware;
import org.zonda.bench.Measurement;
import org.zonda.bench.ReadSpeed;
import org.zonda.bench.Spread;

/**
 * What was found of one {@link Candidate}.
 *
 * @param name what it is called
 * @param backend what computed
 * @param hardware what kind of thing that was
 * @param load seconds from a closed file to a model that is ready, each round
 * @param firstToken seconds that the first prompt after loading took until its first token was
 *     known, each round; kernels that are compiled at first use are in it
 * @param measurements by depth, prompt processing before generation
 * @param hostBytes the most physical memory of the process while it was loaded, mapped weights
 *     included; empty where the system does not tell
 * @param deviceBytes memory of the device by the plan that was carried out; empty where there is no
 *     device
 * @param cacheBytes the KV cache, wherever it is
 * @param deviceReadSpeed how fast the device's memory can be read
 * @param reads what a decode step read and how that compares, one for each generation test
 */
public record ComparisonRow(
    String name,
    String backend,
    Hardware hardware,
    Spread load,
    Spread firstToken,
    List<Measurement> measurements,
    OptionalLong hostBytes,
    OptionalLong deviceBytes,
    long cacheBytes,
    ReadSpeed deviceReadSpeed,
    List<Reads> reads) {

  /** Takes copies. */
  public ComparisonRow {
    measurements = List.copyOf(measurements);
    reads = List.copyOf(reads);
  }

  /**
   * A decode step against the memory's speed.
   *
   * @param depth positions that were in the KV cache when the test began
   * @param host bytes that a step must read of the host's memory, on average
   * @param device bytes that it must read of the device's
   * @param share the time that reading them takes at least, over the time that the step took
   *     (median); empty where a memory's speed is not known
   */
  public record Reads(int depth, long host, long device, OptionalDouble share) {

    /** The same with the share that follows from the least time of a step. */
    Reads within(OptionalDouble leastSeconds, double tokensPerSecond) {
      return leastSeconds.isEmpty()
          ? this
          : new Reads(
              depth, host, device, OptionalDouble.of(leastSeconds.getAsDouble() * tokensPerSecond));
    }
  }

  /**
   * A test's measurement.
   *
   * @param name as {@link Measurement#name()}
   * @return the measurement, or empty if this was not measured
   */
  public Optional<Measurement> measurement(String name) {
    return measurements.stream().filter(m -> m.name().equals(name)).findFirst();
  }
}

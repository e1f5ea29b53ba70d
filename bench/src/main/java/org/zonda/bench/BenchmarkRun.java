package org.zonda.bench;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * What {@link ThroughputBenchmark} found of a model that was loaded once.
 *
 * @param model what messages call it
 * @param parameters elements of its weights
 * @param weightBytes bytes of its weights
 * @param formats names of the formats of its weights, the one with most bytes first
 * @param backend what computed, with threads and vectors
 * @param threads worker threads that the processor was to use
 * @param options what was asked for
 * @param load from the open source to a model that is ready to run
 * @param cacheBytes the KV cache at the end
 * @param peakResidentBytes the most physical memory of the process so far, mapped weights included;
 *     empty where the system does not tell
 * @param measurements by depth, reading before writing; those that were complete, if it was ended
 *     early
 */
public record BenchmarkRun(
    String model,
    long parameters,
    long weightBytes,
    List<String> formats,
    String backend,
    int threads,
    BenchmarkOptions options,
    Duration load,
    long cacheBytes,
    OptionalLong peakResidentBytes,
    List<Measurement> measurements) {

  /** Takes copies. */
  public BenchmarkRun {
    formats = List.copyOf(formats);
    measurements = List.copyOf(measurements);
  }
}

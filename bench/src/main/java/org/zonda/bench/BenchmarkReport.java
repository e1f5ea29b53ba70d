package org.zonda.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What {@link ThroughputBenchmark} found, with all that is needed to compare it.
 *
 * @param time when it began
 * @param machine where it ran
 * @param commit of this program, where it was run from a checkout
 * @param backend what computed, with threads and vectors
 * @param model what messages call the model
 * @param parameters elements of its weights
 * @param weightBytes bytes of its weights
 * @param formats names of the formats of its weights, the one with most bytes first
 * @param options what was asked for
 * @param load from the open source to a model that is ready to run
 * @param cacheBytes the KV cache at the end
 * @param peakResidentBytes the most physical memory of the process until the end, mapped weights
 *     included; empty where the system does not tell
 * @param measurements by depth, prompt processing before generation
 */
public record BenchmarkReport(
    Instant time,
    Machine machine,
    Optional<String> commit,
    String backend,
    String model,
    long parameters,
    long weightBytes,
    List<String> formats,
    BenchmarkOptions options,
    Duration load,
    long cacheBytes,
    OptionalLong peakResidentBytes,
    List<Measurement> measurements) {

  /** Takes copies. */
  public BenchmarkReport {
    formats = List.copyOf(formats);
    measurements = List.copyOf(measurements);
  }

  /**
   * The report for a terminal.
   *
   * @return lines of text, a table among them, the last one ended too
   */
  public String toText() {
    return ReportText.of(this);
  }

  /**
   * The report for programs: speeds in tokens per second, sizes in bytes, times in seconds.
   *
   * @return one JSON object in one line, without its end
   */
  public String toJson() {
    return ReportJson.of(this);
  }
}

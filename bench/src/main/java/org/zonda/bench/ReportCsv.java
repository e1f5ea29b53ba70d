package org.zonda.bench;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/** Writes the raw rows of a report. */
final class ReportCsv {

  private static final List<String> NAMES =
      List.of(
          "time",
          "commit",
          "cpu",
          "cores",
          "java",
          "model",
          "parameters",
          "weight_bytes",
          "formats",
          "backend",
          "threads",
          "batch_size",
          "cache_type",
          "load_seconds",
          "peak_resident_bytes",
          "test",
          "tokens",
          "depth",
          "sequences",
          "cache_bytes",
          "repetition",
          "tokens_per_second");

  private ReportCsv() {}

  static String of(BenchmarkReport report) {
    Csv csv = new Csv(NAMES);
    for (BenchmarkRun run : report.runs()) {
      for (Measurement measurement : run.measurements()) {
        int repetition = 1;
        for (double speed : measurement.tokensPerSecond()) {
          csv.line(line(report, run, measurement, repetition++, speed));
        }
      }
    }
    return csv.toString();
  }

  private static List<Object> line(
      BenchmarkReport report,
      BenchmarkRun run,
      Measurement measurement,
      int repetition,
      double speed) {
    OptionalLong peak = run.peakResidentBytes();
    return Arrays.asList(
        report.time(),
        report.commit().orElse(null),
        report.machine().cpu(),
        report.machine().cores(),
        report.machine().java(),
        run.model(),
        run.parameters(),
        run.weightBytes(),
        String.join(" ", run.formats()),
        run.backend(),
        run.threads(),
        run.options().batchSize(),
        run.options().cacheType(),
        run.load().toNanos() * 1e-9,
        peak.isPresent() ? peak.getAsLong() : null,
        measurement.test().name(),
        measurement.test().tokens(),
        measurement.test().depth(),
        measurement.test().sequences(),
        measurement.cacheBytes(),
        repetition,
        speed);
  }
}

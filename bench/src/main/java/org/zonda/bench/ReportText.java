package org.zonda.bench;

import java.util.Locale;

/** Writes a report for people. */
final class ReportText {

  private ReportText() {}

  static String of(BenchmarkReport report) {
    StringBuilder text = new StringBuilder();
    line(
        text,
        "model    %s, %.2f billion parameters, %s in %s",
        report.model(),
        report.parameters() / 1e9,
        size(report.weightBytes()),
        String.join(", ", report.formats()));
    line(
        text,
        "backend  %s; batches of %d, KV cache in %s",
        report.backend(),
        report.options().batchSize(),
        report.options().cacheType());
    Machine machine = report.machine();
    line(
        text,
        "machine  %s, %d cores, %s; %s",
        machine.cpu(),
        machine.cores(),
        size(machine.memoryBytes()),
        machine.system());
    line(text, "java     %s", machine.java());
    report.commit().ifPresent(commit -> line(text, "commit   %s", commit));
    line(
        text,
        "load     %.2f s; KV cache %s; peak memory %s",
        report.load().toNanos() * 1e-9,
        size(report.cacheBytes()),
        report.peakResidentBytes().isPresent()
            ? size(report.peakResidentBytes().getAsLong())
            : "unknown");
    text.append('\n');
    line(
        text,
        "%-16s %12s %10s %10s   tokens/s, %d runs",
        "test",
        "median",
        "min",
        "max",
        report.options().repetitions());
    for (Measurement measurement : report.measurements()) {
      line(
          text,
          "%-16s %12.2f %10.2f %10.2f",
          name(measurement),
          measurement.median(),
          measurement.min(),
          measurement.max());
    }
    return text.toString();
  }

  private static String name(Measurement measurement) {
    return measurement.depth() == 0
        ? measurement.test()
        : measurement.test() + " @ " + measurement.depth();
  }

  private static void line(StringBuilder text, String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }

  private static String size(long bytes) {
    return bytes < 1_000_000_000
        ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
        : String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
  }
}

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
        Sizes.of(report.weightBytes()),
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
        Sizes.of(machine.memoryBytes()),
        machine.system());
    line(text, "java     %s", machine.java());
    report.commit().ifPresent(commit -> line(text, "commit   %s", commit));
    line(
        text,
        "load     %.2f s; KV cache %s; peak memory %s",
        report.load().toNanos() * 1e-9,
        Sizes.of(report.cacheBytes()),
        report.peakResidentBytes().isPresent()
            ? Sizes.of(report.peakResidentBytes().getAsLong())
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
          measurement.name(),
          measurement.median(),
          measurement.min(),
          measurement.max());
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }
}

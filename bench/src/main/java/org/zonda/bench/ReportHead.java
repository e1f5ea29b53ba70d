package org.zonda.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What stands above and below the measurements, in words. */
final class ReportHead {

  private ReportHead() {}

  /** What was measured and where, by names such as {@code model}; of several, one line each. */
  static Map<String, List<String>> facts(BenchmarkReport report) {
    Map<String, List<String>> facts = new LinkedHashMap<>();
    facts.put("model", distinct(report, ReportHead::model));
    facts.put(
        "backend",
        distinct(
            report,
            run ->
                "%s; batches of %d, KV cache in %s"
                    .formatted(
                        run.backend(), run.options().batchSize(), run.options().cacheType())));
    Machine machine = report.machine();
    facts.put(
        "machine",
        List.of(
            "%s, %d cores, %s; %s"
                .formatted(
                    machine.cpu(),
                    machine.cores(),
                    Sizes.of(machine.memoryBytes()),
                    machine.system())));
    facts.put("java", List.of(machine.java()));
    report.commit().ifPresent(commit -> facts.put("commit", List.of(commit)));
    if (!report.figures().isEmpty()) {
      facts.put("limits", report.figures().stream().map(ReportHead::limits).toList());
    }
    facts.put("load", distinct(report, run -> load(report, run)));
    facts.values().removeIf(List::isEmpty);
    return facts;
  }

  private static List<String> distinct(
      BenchmarkReport report, Function<BenchmarkRun, String> text) {
    return report.runs().stream().map(text).distinct().toList();
  }

  private static String model(BenchmarkRun run) {
    return String.format(
        Locale.ROOT,
        "%s, %.2f billion parameters, %s in %s",
        run.model(),
        run.parameters() / 1e9,
        Sizes.of(run.weightBytes()),
        String.join(", ", run.formats()));
  }

  private static String load(BenchmarkReport report, BenchmarkRun run) {
    OptionalLong peak = run.peakResidentBytes();
    List<String> which = new ArrayList<>();
    if (distinct(report, BenchmarkRun::model).size() > 1) {
      which.add(run.model());
    }
    if (distinct(report, other -> Integer.toString(other.threads())).size() > 1) {
      which.add(Machine.threads(run.threads()));
    }
    return (which.isEmpty() ? "" : String.join(", ", which) + ": ")
        + String.format(
            Locale.ROOT,
            "%.2f s; KV cache %s; peak memory %s",
            run.load().toNanos() * 1e-9,
            Sizes.of(run.cacheBytes()),
            peak.isPresent() ? Sizes.of(peak.getAsLong()) : "unknown");
  }

  /** What the machine can do at most. */
  static String limits(MachineFigures figures) {
    return "%s read %s; multiply-adds of floats %s, of 8-bit integers %s, of bfloat16 %s"
        .formatted(
            Machine.threads(figures.threads()),
            giga(figures.read().best(), "GB/s"),
            giga(figures.float32().best(), "G/s"),
            giga(figures.int8().best(), "G/s"),
            giga(figures.bf16().best(), "G/s"));
  }

  private static String giga(OptionalDouble value, String unit) {
    return value.isEmpty()
        ? "unknown"
        : String.format(Locale.ROOT, "%.1f %s", value.getAsDouble() * 1e-9, unit);
  }

  /** What the numbers are. */
  static String unit(BenchmarkReport report) {
    String runs =
        distinct(report, run -> Integer.toString(run.options().repetitions())).stream()
            .collect(Collectors.joining(", "));
    return "tokens/s, " + runs + " runs";
  }
}

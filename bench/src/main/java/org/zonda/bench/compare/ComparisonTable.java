package org.zonda.bench.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.zonda.bench.Measurement;
import org.zonda.bench.ReadSpeed;
import org.zonda.bench.Sizes;
import org.zonda.bench.Spread;
import org.zonda.bench.compare.ComparisonRow.Reads;

/** The cells that the terminal's table and the page's share: a column for each candidate. */
final class ComparisonTable {

  /** Where there is nothing to say; a note says why. */
  private static final String NONE = "-";

  private ComparisonTable() {}

  /** Lines of cells, all of the same length; the first line and column are heads. */
  static List<List<String>> of(ComparisonReport report) {
    List<List<String>> lines = new ArrayList<>();
    add(lines, report, "", ComparisonRow::name);
    if (report.rows().stream().anyMatch(row -> row.hardware().caveat().isPresent())) {
      add(lines, report, "mind", row -> row.hardware().caveat().orElse(""));
    }
    add(lines, report, "load, s", row -> spread(row.load(), 2));
    add(lines, report, "first token, s", row -> spread(row.firstToken(), 2));
    for (Measurement test : report.rows().getFirst().measurements()) {
      String name = test.name();
      add(
          lines,
          report,
          name + ", tokens/s",
          row -> row.measurement(name).map(m -> spread(m.speed(), 2)).orElse(NONE));
    }
    add(lines, report, "host memory", row -> size(row.hostBytes()));
    add(lines, report, "device memory", row -> size(row.deviceBytes()));
    add(lines, report, "KV cache", row -> Sizes.of(row.cacheBytes()));
    for (Reads test : report.rows().getFirst().reads()) {
      String at = test.depth() == 0 ? "" : " @ " + test.depth();
      add(
          lines,
          report,
          "read a step" + at,
          row -> reads(row, test.depth()).map(r -> Sizes.of(r.host() + r.device())).orElse(NONE));
      add(
          lines,
          report,
          "of the bandwidth" + at,
          row -> reads(row, test.depth()).map(ComparisonTable::share).orElse(NONE));
    }
    return lines;
  }

  private static void add(
      List<List<String>> lines,
      ComparisonReport report,
      String head,
      Function<ComparisonRow, String> cell) {
    List<String> line = new ArrayList<>();
    line.add(head);
    report.rows().forEach(row -> line.add(cell.apply(row)));
    lines.add(line);
  }

  static Optional<Reads> reads(ComparisonRow row, int depth) {
    return row.reads().stream().filter(reads -> reads.depth() == depth).findFirst();
  }

  private static String share(Reads reads) {
    return reads.share().isEmpty()
        ? NONE
        : String.format(Locale.ROOT, "%.0f%%", 100 * reads.share().getAsDouble());
  }

  private static String size(OptionalLong bytes) {
    return bytes.isEmpty() ? NONE : Sizes.of(bytes.getAsLong());
  }

  static String spread(Spread spread, int decimals) {
    String number = "%." + decimals + "f";
    return spread.values().size() == 1
        ? String.format(Locale.ROOT, number, spread.median())
        : String.format(
            Locale.ROOT,
            number + " (" + number + " to " + number + ")",
            spread.median(),
            spread.min(),
            spread.max());
  }

  /** What stands below the table. */
  static List<String> notes(ComparisonReport report) {
    List<String> notes = new ArrayList<>();
    for (ComparisonRow row : report.rows()) {
      notes.add(row.name() + ": " + row.backend());
    }
    notes.add("host's memory: " + speed(report.hostReadSpeed()));
    for (ComparisonRow row : report.rows()) {
      if (row.reads().stream().anyMatch(reads -> reads.device() > 0)) {
        notes.add(row.name() + ", device's memory: " + speed(row.deviceReadSpeed()));
      }
    }
    notes.addAll(report.notes());
    return notes;
  }

  private static String speed(ReadSpeed speed) {
    return switch (speed) {
      case ReadSpeed.Measured measured ->
          "%s GB/s, measured with %s"
              .formatted(gigabytes(measured.bytesPerSecond()), measured.how());
      case ReadSpeed.Unknown unknown -> "speed unknown: " + unknown.reason();
    };
  }

  private static String gigabytes(Spread speed) {
    return spread(new Spread(speed.values().stream().map(value -> value * 1e-9).toList()), 1);
  }
}

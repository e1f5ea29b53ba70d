package org.zonda.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * The measurements of a report as cells, a line for each. What is the same in all lines has no
 * column: it stands above the table.
 *
 * @param head names of the columns
 * @param rows cells, as many as the head has
 */
record ReportTable(List<String> head, List<List<String>> rows) {

  /** A column, and whether it tells anything. */
  private record Column(String head, Function<Line, String> cell) {}

  private record Line(BenchmarkRun run, Measurement measurement) {}

  static ReportTable of(BenchmarkReport report) {
    List<Line> lines = new ArrayList<>();
    for (BenchmarkRun run : report.runs()) {
      run.measurements().forEach(measurement -> lines.add(new Line(run, measurement)));
    }
    List<Column> columns = columns(report);
    return new ReportTable(
        columns.stream().map(Column::head).toList(),
        lines.stream()
            .map(line -> columns.stream().map(column -> column.cell().apply(line)).toList())
            .toList());
  }

  private static List<Column> columns(BenchmarkReport report) {
    List<Column> columns = new ArrayList<>();
    addIfDifferent(columns, report, "model", BenchmarkRun::model);
    addIfDifferent(columns, report, "threads", run -> Integer.toString(run.threads()));
    addIfDifferent(columns, report, "batch", run -> Integer.toString(run.options().batchSize()));
    addIfDifferent(columns, report, "cache", run -> run.options().cacheType().name());
    columns.add(new Column("test", line -> line.measurement().name()));
    columns.add(new Column("median", line -> number(line.measurement().median())));
    columns.add(new Column("min", line -> number(line.measurement().min())));
    columns.add(new Column("max", line -> number(line.measurement().max())));
    boolean several =
        report.runs().stream()
            .flatMap(run -> run.measurements().stream())
            .anyMatch(measurement -> measurement.test().sequences() > 1);
    if (several) {
      columns.add(
          new Column(
              "each",
              line -> number(line.measurement().median() / line.measurement().test().sequences())));
      columns.add(new Column("KV cache", line -> Sizes.of(line.measurement().cacheBytes())));
    }
    if (!report.figures().isEmpty()) {
      columns.add(
          new Column(
              "of reading",
              line -> percent(report.shareOfReading(line.run(), line.measurement()))));
    }
    return columns;
  }

  private static void addIfDifferent(
      List<Column> columns,
      BenchmarkReport report,
      String head,
      Function<BenchmarkRun, String> value) {
    if (report.runs().stream().map(value).distinct().count() > 1) {
      columns.add(new Column(head, line -> value.apply(line.run())));
    }
  }

  private static String percent(OptionalDouble share) {
    return share.isEmpty() ? "-" : String.format(Locale.ROOT, "%.0f%%", 100 * share.getAsDouble());
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}

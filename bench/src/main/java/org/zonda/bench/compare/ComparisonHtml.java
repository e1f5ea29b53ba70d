package org.zonda.bench.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.zonda.bench.Measurement;
import org.zonda.bench.Spread;
import org.zonda.bench.compare.ComparisonRow.Reads;

/** Writes a comparison as one page without scripts: charts, the table, and how it was measured. */
final class ComparisonHtml {

  private static final String MORE = "more is better";
  private static final String LESS = "less is better";

  private static final String STYLE =
      """
      :root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --bar: #3b7dd8;
        --paper: #ffffff; --line: #d5dbe3; }
      @media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --soft: #9aa6b5;
        --bar: #4d8fe6; --paper: #14181f; --line: #333c49; } }
      body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
        max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
      h1 { font-size: 1.5rem; margin-bottom: 0; } h2 { font-size: 1.1rem; margin-top: 2.5rem; }
      figure { margin: 1.6rem 0; } figcaption span, .soft { color: var(--soft); }
      svg { width: 100%; height: auto; font-size: 14px; } svg text { fill: var(--ink); }
      .label { text-anchor: end; } svg .remark { fill: var(--soft); font-size: 12px; } .bar { fill: var(--bar); }
      .spread { fill: none; stroke: var(--ink); stroke-width: 1.5; }
      table { border-collapse: collapse; } td, th { padding: .25rem .8rem; text-align: right;
        border-bottom: 1px solid var(--line); font-weight: normal; white-space: nowrap; }
      tr:first-child th { font-weight: 600; } th:first-child { text-align: left; }
      .wide { overflow-x: auto; } dt { float: left; clear: left; color: var(--soft); }
      dd { margin-left: 6rem; }
      """;

  private ComparisonHtml() {}

  static String of(ComparisonReport report) {
    StringBuilder page = new StringBuilder();
    String title = "Zonda: " + report.model();
    page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page.append("<title>").append(Html.escape(title)).append("</title>\n");
    page.append("<style>\n").append(STYLE).append("</style>\n</head>\n<body>\n");
    page.append("<h1>").append(Html.escape(report.model())).append("</h1>\n");
    page.append("<p class=\"soft\">The same model in several ways, measured in turn on ")
        .append(report.time().toString(), 0, 10)
        .append(". Bars are medians, lines reach from the smallest to the largest value.</p>\n");
    charts(report).forEach(chart -> page.append(chart.toSvg()));
    page.append("<h2>All figures</h2>\n<div class=\"wide\"><table>\n");
    for (List<String> line : ComparisonTable.of(report)) {
      String tag = line.getFirst().isEmpty() ? "th" : "td";
      page.append("<tr><th>").append(Html.escape(line.getFirst())).append("</th>");
      for (String cell : line.subList(1, line.size())) {
        page.append("<%s>%s</%s>".formatted(tag, Html.escape(cell), tag));
      }
      page.append("</tr>\n");
    }
    page.append("</table></div>\n<h2>Measured how</h2>\n<dl>\n");
    for (String line : ComparisonText.head(report)) {
      int gap = line.indexOf(' ');
      page.append(
          "<dt>%s</dt><dd>%s</dd>\n"
              .formatted(line.substring(0, gap), Html.escape(line.substring(gap).strip())));
    }
    page.append("</dl>\n<ul>\n");
    for (String note : ComparisonTable.notes(report)) {
      page.append("<li>").append(Html.escape(note)).append("</li>\n");
    }
    page.append("</ul>\n</body>\n</html>\n");
    return page.toString();
  }

  private static List<BarChart> charts(ComparisonReport report) {
    List<BarChart> charts = new ArrayList<>();
    for (Measurement test : report.rows().getFirst().measurements()) {
      String name = test.name();
      charts.add(
          chart(
              report,
              (!test.test().generates() ? "Prefill, " : "Decode, ") + name + ", tokens a second",
              MORE,
              1,
              row -> row.measurement(name).map(Measurement::speed)));
    }
    for (Reads test : report.rows().getFirst().reads()) {
      if (report.rows().stream()
          .flatMap(row -> ComparisonTable.reads(row, test.depth()).stream())
          .anyMatch(reads -> reads.share().isPresent())) {
        charts.add(
            chart(
                report,
                "Share of the memory's read speed in decode"
                    + (test.depth() == 0 ? "" : " @ " + test.depth())
                    + ", percent",
                MORE,
                0,
                row -> ComparisonTable.reads(row, test.depth()).flatMap(ComparisonHtml::percent)));
      }
    }
    charts.add(chart(report, "Loading, seconds", LESS, 2, row -> Optional.of(row.load())));
    charts.add(
        chart(
            report,
            "First token after loading, seconds",
            LESS,
            2,
            row -> Optional.of(row.firstToken())));
    charts.add(memory(report, "Host memory, GB", ComparisonRow::hostBytes));
    if (report.rows().stream().anyMatch(row -> row.deviceBytes().isPresent())) {
      charts.add(memory(report, "Device memory, GB", ComparisonRow::deviceBytes));
    }
    return charts;
  }

  private static BarChart chart(
      ComparisonReport report,
      String title,
      String better,
      int decimals,
      Function<ComparisonRow, Optional<Spread>> value) {
    List<BarChart.Bar> bars =
        report.rows().stream()
            .map(
                row ->
                    new BarChart.Bar(
                        row.name(),
                        value.apply(row),
                        row.hardware().caveat().orElse(""),
                        row.hardware().claimsSpeed()))
            .toList();
    return new BarChart(title, better, decimals, bars);
  }

  /** Sizes are what they are, on a simulator too. */
  private static BarChart memory(
      ComparisonReport report, String title, Function<ComparisonRow, OptionalLong> bytes) {
    List<BarChart.Bar> bars =
        report.rows().stream()
            .map(row -> new BarChart.Bar(row.name(), gigabytes(bytes.apply(row)), "", true))
            .toList();
    return new BarChart(title, LESS, 2, bars);
  }

  private static Optional<Spread> percent(Reads reads) {
    return reads.share().isEmpty()
        ? Optional.empty()
        : Optional.of(new Spread(List.of(100 * reads.share().getAsDouble())));
  }

  private static Optional<Spread> gigabytes(OptionalLong bytes) {
    return bytes.isEmpty()
        ? Optional.empty()
        : Optional.of(new Spread(List.of(bytes.getAsLong() * 1e-9)));
  }
}

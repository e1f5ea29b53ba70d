package org.zonda.bench.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.zonda.bench.Measurement;
import org.zonda.bench.Spread;
import org.zonda.bench.compare.ComparisonRow.Reads;
import org.zonda.bench.picture.BarChart;
import org.zonda.bench.picture.BarChart.Bar;
import org.zonda.bench.picture.BarChart.Group;
import org.zonda.bench.picture.Curves;
import org.zonda.bench.picture.Picture;
import org.zonda.bench.picture.Report;
import org.zonda.bench.picture.Table;

/** Writes a comparison as a page: pictures, the table, and how it was measured. */
final class ComparisonHtml {

  /** Fewer depths are easier to read as bars alone. */
  private static final int CURVE = 3;

  private final ComparisonReport report;

  private ComparisonHtml(ComparisonReport report) {
    this.report = report;
  }

  static String of(ComparisonReport report) {
    return new ComparisonHtml(report).page();
  }

  private String page() {
    Report page = new Report(report.model());
    page.text(
        "The same model in several ways, measured in turn on "
            + report.time().toString().substring(0, 10)
            + ". Bars are medians, lines reach from the smallest to the largest value.");
    for (String line : ComparisonText.head(report)) {
      int gap = line.indexOf(' ');
      page.fact(line.substring(0, gap), line.substring(gap).strip());
    }
    page.section("Speed");
    speeds().forEach(page::picture);
    shares().ifPresent(page::picture);
    page.section("Until the first token");
    page.picture(
        new BarChart(
            "Loading, seconds", BarChart.LESS, List.of(group("", row -> Optional.of(row.load())))));
    page.picture(
        new BarChart(
            "First token after loading, seconds",
            BarChart.LESS,
            List.of(group("", row -> Optional.of(row.firstToken())))));
    page.section("Memory");
    page.picture(memory());
    page.section("All figures");
    List<List<String>> lines = ComparisonTable.of(report);
    page.table(new Table("median (min to max)", lines.getFirst(), lines.subList(1, lines.size())));
    page.list(ComparisonTable.notes(report));
    return page.rows(report.toJson()).toHtml();
  }

  /** For each test the bars of all depths, and where there are several, curves over them. */
  private List<Picture> speeds() {
    List<Picture> pictures = new ArrayList<>();
    List<Measurement> measured = report.rows().getFirst().measurements();
    for (String test : measured.stream().map(m -> m.test().name()).distinct().toList()) {
      List<Measurement> depths =
          measured.stream().filter(m -> m.test().name().equals(test)).toList();
      String kind = depths.getFirst().test().generates() ? "Decode, " : "Prefill, ";
      String title = kind + test;
      pictures.add(
          new BarChart(
              title + ", tokens/s",
              BarChart.MORE,
              depths.stream()
                  .map(
                      m ->
                          group(
                              depths.size() == 1 ? "" : m.name(),
                              row -> row.measurement(m.name()).map(Measurement::speed)))
                  .toList()));
      if (depths.size() >= CURVE) {
        pictures.add(curves(title + " over depth, tokens/s", depths));
      }
    }
    return pictures;
  }

  private Curves curves(String title, List<Measurement> depths) {
    List<Curves.Series> series =
        report.rows().stream()
            .filter(row -> row.hardware().claimsSpeed())
            .map(
                row ->
                    new Curves.Series(
                        row.name(),
                        depths.stream()
                            .flatMap(m -> row.measurement(m.name()).stream())
                            .map(m -> new Curves.Point(m.test().depth(), m.speed()))
                            .toList()))
            .toList();
    return new Curves(
        title, BarChart.MORE, "tokens in the context before", Curves.Scale.LINEAR, series);
  }

  private Optional<Picture> shares() {
    List<Reads> depths =
        report.rows().getFirst().reads().stream()
            .filter(
                test ->
                    report.rows().stream()
                        .flatMap(row -> ComparisonTable.reads(row, test.depth()).stream())
                        .anyMatch(reads -> reads.share().isPresent()))
            .toList();
    if (depths.isEmpty()) {
      return Optional.empty();
    }
    List<Group> groups =
        depths.stream()
            .map(
                test ->
                    group(
                        depths.size() == 1 ? "" : "depth " + test.depth(),
                        row ->
                            ComparisonTable.reads(row, test.depth())
                                .flatMap(ComparisonHtml::percent)))
            .toList();
    return Optional.of(
        new BarChart("Decode's share of the memory's read speed, percent", BarChart.MORE, groups));
  }

  private BarChart memory() {
    List<Group> groups = new ArrayList<>();
    groups.add(memory("host", ComparisonRow::hostBytes));
    if (report.rows().stream().anyMatch(row -> row.deviceBytes().isPresent())) {
      groups.add(memory("device", ComparisonRow::deviceBytes));
    }
    return new BarChart("Memory, GB", BarChart.LESS, groups);
  }

  private Group group(String name, Function<ComparisonRow, Optional<Spread>> value) {
    return new Group(
        name,
        report.rows().stream()
            .map(
                row ->
                    new Bar(
                        row.name(),
                        value.apply(row),
                        row.hardware().caveat().orElse(""),
                        row.hardware().claimsSpeed()))
            .toList());
  }

  /** Sizes are what they are, on a simulator too. */
  private Group memory(String name, Function<ComparisonRow, OptionalLong> bytes) {
    return new Group(
        name,
        report.rows().stream()
            .map(row -> new Bar(row.name(), gigabytes(bytes.apply(row)), "", true))
            .toList());
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

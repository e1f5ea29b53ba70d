package org.zonda.bench;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.zonda.bench.picture.BarChart;
import org.zonda.bench.picture.BarChart.Bar;
import org.zonda.bench.picture.BarChart.Group;
import org.zonda.bench.picture.Curves;
import org.zonda.bench.picture.Curves.Point;
import org.zonda.bench.picture.Report;
import org.zonda.bench.picture.Table;

/**
 * Writes a report as a page: bars of every test, a curve over each size of which there are several,
 * and the table.
 */
final class BenchmarkHtml {

  private static final int MOST_CURVES = 8;

  private final BenchmarkReport report;
  private final List<Line> lines = new ArrayList<>();

  private record Line(BenchmarkRun run, Measurement measurement) {

    BenchmarkTest test() {
      return measurement.test();
    }
  }

  /** What lines differ in. Those that are sizes can be the horizontal axis of curves. */
  private enum Trait {
    MODEL(line -> line.run().model()),
    CACHE(line -> line.run().options().cacheType() + " cache"),
    THREADS(
        line -> Machine.threads(line.run().threads()),
        "over threads",
        "threads",
        line -> line.run().threads()),
    BATCH(
        line -> "batches of " + line.run().options().batchSize(),
        "over the size of batches",
        "tokens in a batch",
        line -> line.run().options().batchSize()),
    TOKENS(
        line -> line.test().name(),
        "over the number of tokens",
        "tokens",
        line -> line.test().tokens()),
    DEPTH(
        line -> "depth " + line.test().depth(),
        "over depth",
        "tokens in the context before",
        line -> line.test().depth()),
    SEQUENCES(
        line ->
            line.test().sequences() == 1 ? "1 sequence" : line.test().sequences() + " sequences",
        "of sequences together",
        "sequences at once",
        line -> line.test().sequences());

    private final Function<Line, String> name;
    private final String title;
    private final String across;
    private final ToDoubleFunction<Line> size;

    Trait(Function<Line, String> name) {
      this(name, "", "", null);
    }

    Trait(Function<Line, String> name, String title, String across, ToDoubleFunction<Line> size) {
      this.name = name;
      this.title = title;
      this.across = across;
      this.size = size;
    }

    double of(Line line) {
      return size.applyAsDouble(line);
    }

    boolean isSize() {
      return size != null;
    }

    /** Whether it is of the run and not of the test. */
    boolean ofRun() {
      return compareTo(TOKENS) < 0;
    }

    boolean differs(List<Line> among) {
      return among.stream().map(name).distinct().count() > 1;
    }
  }

  private BenchmarkHtml(BenchmarkReport report) {
    this.report = report;
    for (BenchmarkRun run : report.runs()) {
      run.measurements().forEach(measurement -> lines.add(new Line(run, measurement)));
    }
  }

  static String of(BenchmarkReport report) {
    return new BenchmarkHtml(report).page();
  }

  private String page() {
    Report page = new Report(title());
    page.text(
        "Bars and curves are medians; lines and bands reach from the smallest to the largest.");
    ReportHead.facts(report)
        .forEach((name, values) -> values.forEach(value -> page.fact(name, value)));
    page.fact("time", report.time().truncatedTo(ChronoUnit.SECONDS).toString());
    page.section("Speed");
    bars("Prefill, tokens/s", line -> !line.test().generates()).ifPresent(page::picture);
    bars("Decode, tokens/s", line -> line.test().generates()).ifPresent(page::picture);
    shares().ifPresent(page::picture);
    List<Curves> curves = curves();
    if (!curves.isEmpty()) {
      page.section("How it scales");
      curves.forEach(page::picture);
    }
    page.section("All figures");
    ReportTable table = ReportTable.of(report);
    page.table(new Table(ReportHead.unit(report), table.head(), table.rows()));
    page.list(report.notes());
    return page.rows(report.toJson()).toHtml();
  }

  private String title() {
    List<String> models = report.runs().stream().map(BenchmarkRun::model).distinct().toList();
    return models.size() > 2
        ? "%s and %d more".formatted(models.getFirst(), models.size() - 1)
        : models.isEmpty() ? "Nothing was measured" : String.join(" and ", models);
  }

  /** The runs in groups by test; where there is one run, its tests. */
  private Optional<BarChart> bars(String title, Predicate<Line> wanted) {
    return bars(
        title,
        lines.stream().filter(wanted).toList(),
        line -> Optional.of(line.measurement().speed()));
  }

  private Optional<BarChart> shares() {
    List<Line> known =
        lines.stream()
            .filter(line -> report.shareOfReading(line.run(), line.measurement()).isPresent())
            .toList();
    return bars("Decode's share of the memory's read speed, percent", known, this::percent);
  }

  private Optional<Spread> percent(Line line) {
    OptionalDouble share = report.shareOfReading(line.run(), line.measurement());
    return share.isEmpty()
        ? Optional.empty()
        : Optional.of(new Spread(List.of(100 * share.getAsDouble())));
  }

  private Optional<BarChart> bars(
      String title, List<Line> shown, Function<Line, Optional<Spread>> value) {
    if (shown.isEmpty()) {
      return Optional.empty();
    }
    List<Trait> differences =
        Arrays.stream(Trait.values()).filter(Trait::ofRun).filter(t -> t.differs(lines)).toList();
    Map<String, List<Bar>> groups = new LinkedHashMap<>();
    for (Line line : shown) {
      String test = line.measurement().name();
      String run = name(line, differences);
      groups
          .computeIfAbsent(run.isEmpty() ? "" : test, name -> new ArrayList<>())
          .add(new Bar(run.isEmpty() ? test : run, value.apply(line), "", true));
    }
    return Optional.of(
        new BarChart(
            title,
            BarChart.MORE,
            groups.entrySet().stream()
                .map(entry -> new Group(entry.getKey(), entry.getValue()))
                .toList()));
  }

  private static String name(Line line, List<Trait> traits) {
    return traits.stream().map(trait -> trait.name.apply(line)).collect(Collectors.joining(", "));
  }

  private List<Curves> curves() {
    List<Curves> curves = new ArrayList<>();
    for (boolean generates : new boolean[] {false, true}) {
      List<Line> kind =
          lines.stream().filter(line -> line.test().generates() == generates).toList();
      for (Trait trait : Trait.values()) {
        if (trait.isSize() && trait.differs(kind)) {
          curves(kind, trait, generates ? "decode" : "prefill").ifPresent(curves::add);
        }
      }
    }
    return curves;
  }

  /**
   * Lines that differ in one size only are a curve, if there are two or more. Of more curves than
   * can be told apart, those of one sequence and the least depth.
   */
  private static Optional<Curves> curves(List<Line> kind, Trait size, String what) {
    List<Line> shown = kind;
    StringBuilder note = new StringBuilder(BarChart.MORE);
    Map<String, List<Point>> series = series(shown, size, what);
    for (Trait trait : List.of(Trait.SEQUENCES, Trait.DEPTH)) {
      if (series.size() > MOST_CURVES && trait != size && trait.differs(shown)) {
        Line base = shown.stream().min(Comparator.comparingDouble(trait.size)).orElseThrow();
        shown = shown.stream().filter(line -> trait.of(line) == trait.of(base)).toList();
        note.append("; ").append(trait.name.apply(base));
        series = series(shown, size, what);
      }
    }
    List<Double> sizes = series.values().stream().flatMap(List::stream).map(Point::x).toList();
    if (sizes.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Curves(
            "Tokens/s of %s, %s".formatted(what, size.title),
            note.toString(),
            size.across,
            Curves.Scale.of(sizes),
            series.entrySet().stream()
                .map(entry -> new Curves.Series(entry.getKey(), entry.getValue()))
                .toList()));
  }

  private static Map<String, List<Point>> series(List<Line> kind, Trait size, String what) {
    List<Trait> others =
        Arrays.stream(Trait.values()).filter(t -> t != size && t.differs(kind)).toList();
    Map<String, List<Point>> series = new LinkedHashMap<>();
    for (Line line : kind) {
      series
          .computeIfAbsent(others.isEmpty() ? what : name(line, others), n -> new ArrayList<>())
          .add(new Point(size.of(line), line.measurement().speed()));
    }
    series.values().removeIf(points -> points.size() < 2);
    return series;
  }
}

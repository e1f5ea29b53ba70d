package org.zonda.bench.picture;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.zonda.bench.picture.Curves.Point;
import org.zonda.bench.picture.Curves.Series;

/** Draws curves: the plot, and at its right the names at the curves' ends. */
final class CurvesDrawing {

  private static final double PLOT = 320;
  private static final double FOOT = 48;
  private static final double NAME_MOST = 270;
  private static final double NAME_GAP = 18;
  private static final double LEADER = 26;
  private static final double INSET = 16;
  private static final int TICKS = 6;

  private final Curves curves;

  /** Those that have a point, each with its number, which gives colour, mark and dashes. */
  private final List<Series> drawn;

  private final double bottom;
  private final double right;
  private final Axis x;
  private final Axis y;

  CurvesDrawing(Curves curves) {
    this.curves = curves;
    drawn = curves.series().stream().filter(series -> !series.drawn().isEmpty()).toList();
    double top = Svg.HEAD + 8;
    bottom = top + Math.max(PLOT, NAME_GAP * drawn.size());
    double names =
        drawn.stream().mapToDouble(s -> Letters.width(s.name(), Svg.SIZE)).max().orElse(0);
    right = Svg.WIDTH - Math.min(NAME_MOST, names) - LEADER - 8;
    double most = points().stream().mapToDouble(point -> point.spread().max()).max().orElse(0);
    y = Axis.fromZero(most, TICKS, bottom, top);
    double left =
        10
            + y.ticksFromZero(TICKS).stream()
                .mapToDouble(tick -> Letters.width(Figures.round(tick), Svg.SMALL))
                .max()
                .orElse(0);
    x =
        new Axis(
            curves.scale() == Curves.Scale.LOG2,
            points().stream().mapToDouble(Point::x).min().orElse(1),
            points().stream().mapToDouble(Point::x).max().orElse(1),
            left + INSET,
            right - INSET);
  }

  private List<Point> points() {
    return drawn.stream().flatMap(series -> series.drawn().stream()).toList();
  }

  String toSvg() {
    if (drawn.isEmpty()) {
      return new Svg(curves, "Nothing was measured.", Svg.HEAD + 40)
          .nothing("Nothing was measured.")
          .end();
    }
    Svg svg = new Svg(curves, description(), bottom + FOOT);
    axes(svg);
    for (int i = 0; i < drawn.size(); i++) {
      svg.open("g", "class", Style.series(i));
      band(svg, drawn.get(i).drawn());
      svg.close("g");
    }
    for (int i = 0; i < drawn.size(); i++) {
      svg.open("g", "class", Style.series(i));
      curve(svg, i);
      svg.close("g");
    }
    names(svg);
    return svg.end();
  }

  private String description() {
    return "Curves over %s: %s. Each goes through medians, in a band from the smallest to the largest value."
        .formatted(
            curves.across(), drawn.stream().map(Series::name).collect(Collectors.joining(", ")));
  }

  private void axes(Svg svg) {
    double left = x.from() - INSET;
    for (double tick : y.ticksFromZero(TICKS)) {
      svg.line(tick == 0 ? "axis" : "grid", left, y.at(tick), right, y.at(tick));
      svg.text(left - 6, y.at(tick) + 4, "end small soft", Figures.round(tick));
    }
    for (double tick : sizes()) {
      svg.line("axis", x.at(tick), bottom, x.at(tick), bottom + 5);
      svg.text(x.at(tick), bottom + 18, "middle small soft", Figures.round(tick));
    }
    String across = Letters.fit(curves.across(), right - left, Svg.SIZE);
    svg.text((left + right) / 2, bottom + 38, "middle soft", across, curves.across());
  }

  /** The sizes that were measured, as far as there is room to write them; the roundest first. */
  private List<Double> sizes() {
    List<Double> all =
        points().stream()
            .map(Point::x)
            .distinct()
            .sorted(Comparator.comparing(CurvesDrawing::roundness).reversed())
            .toList();
    List<Double> written = new ArrayList<>();
    for (double size : all) {
      if (written.stream().allMatch(other -> clear(Math.min(size, other), Math.max(size, other)))) {
        written.add(size);
      }
    }
    return written;
  }

  /** How often a size can be halved: sizes in this field are multiples of powers of two. */
  private static int roundness(double size) {
    return size == Math.rint(size) && Math.abs(size) < 1L << 62
        ? Long.numberOfTrailingZeros((long) size)
        : -1;
  }

  private boolean clear(double size, double next) {
    double half = (tickWidth(size) + tickWidth(next)) / 2;
    return x.at(next) - x.at(size) > half + 8;
  }

  private static double tickWidth(double size) {
    return Letters.width(Figures.round(size), Svg.SMALL);
  }

  private void band(Svg svg, List<Point> points) {
    StringBuilder path = new StringBuilder();
    for (Point point : points) {
      path.append(path.isEmpty() ? "M" : "L").append(at(point, point.spread().max()));
    }
    for (Point point : points.reversed()) {
      path.append("L").append(at(point, point.spread().min()));
    }
    svg.element("path", "class", "band", "d", path.append("Z"));
  }

  private void curve(Svg svg, int number) {
    List<Point> points = drawn.get(number).drawn();
    StringBuilder path = new StringBuilder();
    for (Point point : points) {
      path.append(path.isEmpty() ? "M" : "L").append(at(point, point.spread().median()));
    }
    String dashes = number / Style.COLOURS % 2 == 1 ? "curve dashed" : "curve";
    svg.element("path", "class", dashes, "d", path);
    for (Point point : points) {
      svg.open("g");
      svg.tip(
          "%s, %s %s: %s"
              .formatted(
                  drawn.get(number).name(),
                  curves.across(),
                  Figures.round(point.x()),
                  Figures.brief(point.spread())));
      if (points.size() == 1 && Figures.varies(point.spread())) {
        svg.whiskerUp(x.at(point.x()), y.at(point.spread().min()), y.at(point.spread().max()));
      }
      Mark.of(number).draw(svg, x.at(point.x()), y.at(point.spread().median()));
      svg.close("g");
    }
  }

  private String at(Point point, double value) {
    return Svg.path("%s %s", x.at(point.x()), y.at(value));
  }

  private void names(Svg svg) {
    List<Integer> byHeight =
        IntStream.range(0, drawn.size())
            .boxed()
            .sorted(Comparator.comparingDouble(this::end))
            .toList();
    double[] wanted = byHeight.stream().mapToDouble(this::end).toArray();
    double[] found = Axis.spread(wanted, NAME_GAP, y.to(), bottom);
    for (int i = 0; i < found.length; i++) {
      int number = byHeight.get(i);
      String name = drawn.get(number).name();
      svg.open("g", "class", Style.series(number));
      double last = x.at(drawn.get(number).drawn().getLast().x());
      svg.line("leader", last + 7, wanted[i], right + LEADER - 12, found[i]);
      Mark.of(number).draw(svg, right + LEADER - 6, found[i]);
      String shown = Letters.fit(name, NAME_MOST, Svg.SIZE);
      svg.text(right + LEADER + 6, found[i] + 5, "", shown, name);
      svg.close("g");
    }
  }

  /** Where a curve ends, by its number. */
  private double end(int number) {
    return y.at(drawn.get(number).drawn().getLast().spread().median());
  }
}

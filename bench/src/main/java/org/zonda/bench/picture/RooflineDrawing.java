package org.zonda.bench.picture;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.zonda.bench.Spread;
import org.zonda.bench.picture.Box.Line;
import org.zonda.bench.picture.Roofline.Kernel;
import org.zonda.bench.picture.Roofline.Roof;

/** Draws a roofline plot. */
final class RooflineDrawing {

  private static final double PLOT = 440;

  /** By so much the plot grows when labels do not fit. */
  private static final double MORE = 80;

  private static final double FOOT = 48;
  private static final double LEFT = 64;
  private static final double NAME_MOST = 230;
  private static final double NAME_GAP = 18;
  private static final double LEADER = 18;
  private static final double LABEL_MOST = 210;
  private static final double SLANT_MOST = 120;
  private static final double LABEL_HEIGHT = 15;
  private static final double DOT = 11;
  private static final int TICKS = 10;
  private static final double TOP = Svg.HEAD + 18;

  private final Roofline roofline;
  private final List<Kernel> drawn;
  private final double bottom;
  private final double right;
  private final Axis x;
  private final Axis y;

  RooflineDrawing(Roofline roofline) {
    this(roofline, Math.max(PLOT, NAME_GAP * roofline.roofs().size()));
  }

  private RooflineDrawing(Roofline roofline, double plot) {
    this.roofline = roofline;
    drawn = roofline.kernels().stream().filter(Kernel::drawable).toList();
    bottom = TOP + plot;
    double names =
        peaks().stream().mapToDouble(r -> Letters.width(peak(r), Svg.SIZE)).max().orElse(0);
    right = Svg.WIDTH - (names == 0 ? 0 : names + LEADER + 14);
    double[] across =
        padded(
            DoubleStream.concat(
                drawn.stream().mapToDouble(Kernel::intensity),
                peaks().stream().mapToDouble(RooflineDrawing::knee)));
    x = new Axis(true, across[0], across[1], LEFT, right);
    double[] up =
        padded(
            Stream.of(
                    drawn.stream().map(Kernel::multiplyAddsPerSecond).mapToDouble(Spread::min),
                    drawn.stream().map(Kernel::multiplyAddsPerSecond).mapToDouble(Spread::max),
                    roofline.roofs().stream().mapToDouble(roof -> roof.at(across[1])))
                .flatMapToDouble(values -> values));
    y = new Axis(true, up[0], up[1], bottom, TOP);
  }

  /** From less than the least to more than the largest, a decade at least. */
  private static double[] padded(DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    double least = sorted.length == 0 ? 1 : sorted[0];
    double most = sorted.length == 0 ? 1 : sorted[sorted.length - 1];
    double factor = Math.max(1.7, Math.sqrt(10 / Math.min(10, most / least)));
    return new double[] {least / factor, most * factor};
  }

  private List<Roof> peaks() {
    return roofline.roofs().stream()
        .filter(roof -> roof.multiplyAddsPerSecond().isPresent())
        .toList();
  }

  private static double knee(Roof roof) {
    return roof.multiplyAddsPerSecond().orElseThrow() / roof.bytesPerSecond();
  }

  private static String peak(Roof roof) {
    String speed =
        " %s GMAC/s".formatted(Figures.brief(roof.multiplyAddsPerSecond().orElseThrow() * 1e-9));
    return Letters.fit(roof.name(), NAME_MOST - Letters.width(speed, Svg.SIZE), Svg.SIZE) + speed;
  }

  String toSvg() {
    if (drawn.isEmpty() && roofline.roofs().isEmpty()) {
      return new Svg(roofline, "Nothing was measured.", Svg.HEAD + 40)
          .nothing("Nothing was measured.")
          .end();
    }
    RooflineDrawing drawing = this;
    Optional<List<Labels.Place>> places = drawing.places();
    while (places.isEmpty()) {
      drawing = new RooflineDrawing(roofline, drawing.bottom - TOP + MORE);
      places = drawing.places();
    }
    return drawing.draw(places.get());
  }

  // --- Where things are -------------------------------------------------------------------------

  /** Of the labels of all kernels that are drawn; empty if there is no room for all. */
  private Optional<List<Labels.Place>> places() {
    List<Box> taken = new ArrayList<>();
    drawn.forEach(kernel -> taken.add(Box.around(at(kernel), up(kernel), DOT, DOT)));
    slants().forEach(slant -> taken.addAll(slant.boxes()));
    List<Line> avoided = new ArrayList<>();
    for (Roof roof : roofline.roofs()) {
      slope(roof).ifPresent(avoided::add);
      top(roof).ifPresent(avoided::add);
    }
    Labels labels = new Labels(new Box(LEFT + 4, TOP, right, bottom - 2), taken, avoided);
    Labels.Place[] places = new Labels.Place[drawn.size()];
    // From the top, so that lower labels make room below.
    List<Integer> order =
        IntStream.range(0, drawn.size())
            .boxed()
            .sorted(Comparator.comparingDouble(i -> up(drawn.get(i))))
            .toList();
    for (int i : order) {
      Kernel kernel = drawn.get(i);
      double width = Letters.width(label(kernel), Svg.SMALL);
      Optional<Labels.Place> place = labels.place(at(kernel), up(kernel), width, LABEL_HEIGHT);
      if (place.isEmpty()) {
        return Optional.empty();
      }
      places[i] = place.get();
    }
    return Optional.of(List.of(places));
  }

  private double at(Kernel kernel) {
    return x.at(kernel.intensity());
  }

  private double up(Kernel kernel) {
    return y.at(kernel.multiplyAddsPerSecond().median());
  }

  private String label(Kernel kernel) {
    OptionalDouble share = roofline.share(kernel);
    String percent = share.isEmpty() ? "" : " " + Figures.percent(share.getAsDouble());
    double room = LABEL_MOST - Letters.width(percent, Svg.SMALL);
    return Letters.fit(kernel.name(), room, Svg.SMALL) + percent;
  }

  /** Where memory limits, as far as it can be seen. */
  private Optional<Line> slope(Roof roof) {
    double speed = roof.bytesPerSecond();
    double from = Math.max(x.min(), y.min() / speed);
    double to = roof.multiplyAddsPerSecond().isPresent() ? knee(roof) : x.max();
    return from < to
        ? Optional.of(new Line(x.at(from), y.at(speed * from), x.at(to), y.at(speed * to)))
        : Optional.empty();
  }

  /** Where computing limits. */
  private Optional<Line> top(Roof roof) {
    if (roof.multiplyAddsPerSecond().isEmpty()) {
      return Optional.empty();
    }
    double height = y.at(roof.multiplyAddsPerSecond().getAsDouble());
    return Optional.of(new Line(x.at(knee(roof)), height, right, height));
  }

  /**
   * The label of a speed of memory, along its line.
   *
   * @param x where its base line begins
   * @param y where its base line begins
   * @param angle of its base line, in degrees
   */
  private record Slant(String text, double x, double y, double angle) {

    /** The letters' room, in pieces since it leans. */
    List<Box> boxes() {
      List<Box> boxes = new ArrayList<>();
      double width = Letters.width(text, Svg.SMALL);
      double radians = Math.toRadians(angle);
      for (double along = 0; along <= width; along += 6) {
        boxes.add(
            Box.around(
                x + along * Math.cos(radians) + 5 * Math.sin(radians),
                y + along * Math.sin(radians) - 5 * Math.cos(radians),
                16,
                16));
      }
      return boxes;
    }
  }

  /** One for each speed, one farther along its line than the other. */
  private List<Slant> slants() {
    List<Slant> slants = new ArrayList<>();
    double[] speeds =
        roofline.roofs().stream().mapToDouble(Roof::bytesPerSecond).distinct().toArray();
    double start = 12;
    for (double speed : speeds) {
      List<Roof> same =
          roofline.roofs().stream().filter(roof -> roof.bytesPerSecond() == speed).toList();
      String text = Figures.brief(speed * 1e-9) + " GB/s";
      if (speeds.length > 1) {
        String names = same.stream().map(Roof::name).collect(Collectors.joining(", "));
        text = Letters.fit(names, SLANT_MOST, Svg.SMALL) + " " + text;
      }
      double letters = Letters.width(text, Svg.SMALL);
      Optional<Line> longest =
          same.stream()
              .flatMap(roof -> slope(roof).stream())
              .max(Comparator.comparingDouble(line -> line.x2()));
      if (longest.isPresent() && longest.get().length() > letters + 12) {
        Line line = longest.get();
        double along = Math.min(start, line.length() - letters);
        double right = (line.x2() - line.x1()) / line.length();
        double down = (line.y2() - line.y1()) / line.length();
        slants.add(
            new Slant(
                text,
                line.x1() + right * along + down * 6,
                line.y1() + down * along - right * 6,
                Math.toDegrees(Math.atan2(down, right))));
        start += letters + 24;
      }
    }
    return slants;
  }

  // --- Drawing ----------------------------------------------------------------------------------

  private String draw(List<Labels.Place> places) {
    Svg svg = new Svg(roofline, description(), bottom + FOOT);
    axes(svg);
    for (Roof roof : roofline.roofs()) {
      slope(roof).ifPresent(line -> svg.line("memory", line));
    }
    for (int i = 0; i < roofline.roofs().size(); i++) {
      svg.open("g", "class", Style.series(i));
      top(roofline.roofs().get(i)).ifPresent(line -> svg.line("curve", line));
      svg.close("g");
    }
    for (Slant slant : slants()) {
      svg.open(
          "g",
          "transform",
          Svg.path("translate(%s %s) rotate(%s)", slant.x(), slant.y(), slant.angle()));
      svg.text(0, 0, "small soft halo", slant.text());
      svg.close("g");
    }
    peakNames(svg);
    places.forEach(place -> place.leader().ifPresent(line -> svg.line("leader", line)));
    for (int i = 0; i < drawn.size(); i++) {
      kernel(svg, drawn.get(i), places.get(i));
    }
    return svg.end();
  }

  private String description() {
    return "Roofline plot: multiply-adds a second over multiply-adds a byte, logarithmic axes, %d roofs, %d kernels. Percentages are shares of the kernel's roof."
        .formatted(roofline.roofs().size(), drawn.size());
  }

  private void axes(Svg svg) {
    for (double tick : y.ticksOfTen(TICKS)) {
      svg.line("grid", LEFT, y.at(tick), right, y.at(tick));
      svg.text(LEFT - 6, y.at(tick) + 4, "end small soft", Figures.round(tick * 1e-9));
    }
    for (double tick : x.ticksOfTen(TICKS)) {
      svg.line("grid", x.at(tick), TOP, x.at(tick), bottom);
      svg.text(x.at(tick), bottom + 18, "middle small soft", Figures.round(tick));
    }
    svg.line("axis", LEFT, bottom, right, bottom);
    svg.line("axis", LEFT, TOP, LEFT, bottom);
    svg.text(0, TOP - 10, "small soft", "GMAC/s");
    svg.text((LEFT + right) / 2, bottom + 38, "middle soft", "multiply-adds per byte");
  }

  private void peakNames(Svg svg) {
    List<Roof> fromTop =
        peaks().stream()
            .sorted(
                Comparator.comparingDouble(
                        (Roof roof) -> roof.multiplyAddsPerSecond().orElseThrow())
                    .reversed())
            .toList();
    double[] wanted =
        fromTop.stream()
            .mapToDouble(roof -> y.at(roof.multiplyAddsPerSecond().orElseThrow()))
            .toArray();
    double[] found = Axis.spread(wanted, NAME_GAP, TOP, bottom);
    for (int i = 0; i < found.length; i++) {
      Roof roof = fromTop.get(i);
      int number = roofline.roofs().indexOf(roof);
      svg.open("g", "class", Style.series(number));
      svg.line("leader", right, wanted[i], right + LEADER - 8, found[i]);
      Mark.of(number).draw(svg, right + LEADER, found[i]);
      svg.text(right + LEADER + 12, found[i] + 5, "", peak(roof));
      svg.close("g");
    }
  }

  private void kernel(Svg svg, Kernel kernel, Labels.Place place) {
    int roof =
        IntStream.range(0, roofline.roofs().size())
            .filter(i -> kernel.roof().equals(Optional.of(roofline.roofs().get(i).name())))
            .findFirst()
            .orElse(Style.COLOURS - 1);
    Spread spread = kernel.multiplyAddsPerSecond();
    svg.open("g", "class", Style.series(roof));
    svg.tip(
        "%s: %s GMAC/s at %s multiply-adds per byte"
            .formatted(
                kernel.name(),
                Figures.brief(Roofline.giga(spread)),
                Figures.brief(kernel.intensity())));
    if (Figures.varies(spread)) {
      svg.whiskerUp(at(kernel), y.at(spread.min()), y.at(spread.max()));
    }
    Mark.of(roof).draw(svg, at(kernel), up(kernel));
    Box box = place.box();
    svg.text(box.left(), box.bottom() - 4, "small halo", label(kernel));
    svg.close("g");
  }
}

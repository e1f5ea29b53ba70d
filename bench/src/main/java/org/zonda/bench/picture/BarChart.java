package org.zonda.bench.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.zonda.bench.Spread;

/**
 * Horizontal bars from zero to the median, each with a line from the smallest to the largest value.
 * All bars share one scale. Where groups have bars of the same label, these have the same colour.
 *
 * @param title what is shown, with its unit
 * @param note such as {@link #MORE}; may be empty
 * @param groups from top to bottom, such as one for each test
 */
public record BarChart(String title, String note, List<Group> groups) implements Picture {

  /** The note of most charts. */
  public static final String MORE = "more is better";

  /** The note of charts of time and memory. */
  public static final String LESS = "less is better";

  private static final double LINE = 28;
  private static final double THICK = 16;
  private static final double REMARK = 16;
  private static final double HEADING = 26;
  private static final double GROUP_GAP = 10;
  private static final double LABEL_MOST = 280;
  private static final double GAP = 10;

  /** Takes a copy. */
  public BarChart {
    groups = List.copyOf(groups);
  }

  /**
   * Bars that belong together.
   *
   * @param name stands above them; may be empty
   * @param bars from top to bottom
   */
  public record Group(String name, List<Bar> bars) {

    /** Takes a copy. */
    public Group {
      bars = List.copyOf(bars);
    }

    private double height() {
      return GROUP_GAP
          + (name.isEmpty() ? 0 : HEADING)
          + bars.stream().mapToDouble(Bar::height).sum();
    }
  }

  /**
   * A bar.
   *
   * @param label of whom
   * @param spread what was measured, or empty where nothing was
   * @param remark stands below the bar; may be empty
   * @param claimed false where the number is no claim: it is written, but not drawn
   */
  public record Bar(String label, Optional<Spread> spread, String remark, boolean claimed) {

    /**
     * Something measured.
     *
     * @param label of whom
     * @param spread what was measured
     */
    public Bar(String label, Spread spread) {
      this(label, Optional.of(spread), "", true);
    }

    private double height() {
      return remark.isEmpty() ? LINE : LINE + REMARK;
    }

    private Optional<Spread> drawn() {
      return claimed ? spread.filter(Figures::drawable) : Optional.empty();
    }
  }

  @Override
  public String toSvg() {
    List<Bar> bars = bars();
    if (bars.isEmpty()) {
      return new Svg(this, "Nothing was measured.", Svg.HEAD + 40)
          .nothing("Nothing was measured.")
          .end();
    }
    double height = Svg.HEAD + groups.stream().mapToDouble(Group::height).sum();
    Svg svg = new Svg(this, description(), height);
    List<String> labels = bars.stream().map(Bar::label).distinct().toList();
    boolean coloured = labels.size() < bars.size();
    double left = GAP + bars.stream().mapToDouble(bar -> labelWidth(bar.label())).max().orElse(0);
    double numbers =
        bars.stream()
            .mapToDouble(bar -> Letters.width(Figures.brief(bar.spread()), Svg.SIZE))
            .max()
            .orElse(0);
    double most =
        bars.stream().flatMap(bar -> bar.drawn().stream()).mapToDouble(Spread::max).max().orElse(0);
    double room = Svg.WIDTH - left - numbers - GAP;
    double top = Svg.HEAD;
    for (Group group : groups) {
      if (!group.name().isEmpty()) {
        String name = Letters.fit(group.name(), Svg.WIDTH, Svg.SIZE);
        svg.text(0, top + HEADING - 8, "strong", name, group.name());
        top += HEADING;
      }
      double first = top;
      for (Bar bar : group.bars()) {
        svg.open(
            "g",
            "class",
            Style.series(coloured ? labels.indexOf(bar.label()) : 0),
            "transform",
            Svg.path("translate(%s %s)", left, top + LINE / 2));
        draw(svg, bar, left, most == 0 ? 0 : room / most);
        svg.close("g");
        top += bar.height();
      }
      if (top > first) {
        svg.line("axis", left, first, left, top);
      }
      top += GROUP_GAP;
    }
    return svg.end();
  }

  /** Draws a bar; the origin is where the middle of its line meets the axis. */
  private static void draw(Svg svg, Bar bar, double left, double scale) {
    svg.tip(bar.label() + ": " + Figures.brief(bar.spread()));
    double end = 0;
    if (bar.drawn().isPresent()) {
      Spread spread = bar.drawn().get();
      svg.element(
          "rect",
          "class",
          "fill",
          "y",
          -THICK / 2,
          "width",
          spread.median() * scale,
          "height",
          THICK);
      if (Figures.varies(spread)) {
        svg.whiskerAcross(spread.min() * scale, spread.max() * scale, 0);
      }
      end = spread.max() * scale;
    }
    String label = Letters.fit(bar.label(), LABEL_MOST, Svg.SIZE);
    svg.text(-GAP, 5, "end", label, bar.label());
    svg.text(end + GAP, 5, "", Figures.brief(bar.spread()));
    if (!bar.remark().isEmpty()) {
      String remark = Letters.fit(bar.remark(), Svg.WIDTH - left - GAP, Svg.SMALL);
      svg.text(GAP, LINE / 2 + 9, "soft small", remark, bar.remark());
    }
  }

  private static double labelWidth(String label) {
    return Math.min(LABEL_MOST, Letters.width(label, Svg.SIZE));
  }

  private List<Bar> bars() {
    return groups.stream().flatMap(group -> group.bars().stream()).toList();
  }

  private String description() {
    return "Bars, %s: %d. Each is a median, with a line from the smallest to the largest value."
        .formatted(note.isEmpty() ? "each with its figure" : note, bars().size());
  }

  @Override
  public Table table() {
    boolean named = groups.stream().anyMatch(group -> !group.name().isEmpty());
    boolean remarked = bars().stream().anyMatch(bar -> !bar.remark().isEmpty());
    List<List<String>> rows = new ArrayList<>();
    for (Group group : groups) {
      for (Bar bar : group.bars()) {
        rows.add(row(group, bar, named, remarked));
      }
    }
    List<String> head = new ArrayList<>(named ? List.of("test", "of") : List.of("of"));
    head.addAll(Tables.SPREAD);
    if (remarked) {
      head.add("mind");
    }
    return new Table(title, head, rows);
  }

  private static List<String> row(Group group, Bar bar, boolean named, boolean remarked) {
    List<String> row = new ArrayList<>();
    if (named) {
      row.add(group.name());
    }
    row.add(bar.label());
    row.addAll(Tables.spread(bar.spread()));
    if (remarked) {
      row.add(bar.remark());
    }
    return row;
  }
}

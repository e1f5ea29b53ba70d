package org.zonda.bench.compare;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.zonda.bench.Spread;

/**
 * A chart of horizontal bars as an SVG element: a bar to the median, and a line from the smallest
 * to the largest value.
 *
 * @param title what is shown, with its unit
 * @param better such as {@code more is better}
 * @param decimals of the numbers
 * @param bars from top to bottom
 */
record BarChart(String title, String better, int decimals, List<Bar> bars) {

  /**
   * A bar.
   *
   * @param label of whom
   * @param spread what was measured, or empty where nothing was
   * @param remark stands below the bar; may be empty
   * @param claimed false where the number is no claim: it is written, but not drawn
   */
  record Bar(String label, Optional<Spread> spread, String remark, boolean claimed) {

    int height() {
      return remark.isEmpty() ? LINE : LINE + REMARK;
    }
  }

  private static final int LABEL = 240;
  private static final int WIDTH = 920;
  private static final int DRAWN = 400;
  private static final int LINE = 30;
  private static final int THICK = 18;
  private static final int REMARK = 14;

  String toSvg() {
    double most =
        bars.stream()
            .filter(Bar::claimed)
            .flatMap(bar -> bar.spread().stream())
            .mapToDouble(Spread::max)
            .max()
            .orElse(0);
    StringBuilder svg = new StringBuilder();
    add(
        svg,
        "<figure><figcaption><b>%s</b> <span>%s</span></figcaption>",
        Html.escape(title),
        Html.escape(better));
    add(
        svg,
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
        WIDTH,
        bars.stream().mapToInt(Bar::height).sum(),
        Html.escape(title));
    int top = 0;
    for (Bar bar : bars) {
      bar(svg, bar, top, most == 0 ? 0 : DRAWN / most);
      top += bar.height();
    }
    svg.append("</svg></figure>\n");
    return svg.toString();
  }

  private void bar(StringBuilder svg, Bar bar, int top, double scale) {
    int middle = top + LINE / 2;
    add(
        svg,
        "<text class=\"label\" x=\"%d\" y=\"%d\">%s</text>",
        LABEL - 10,
        middle + 5,
        Html.escape(bar.label()));
    double end = LABEL;
    if (bar.spread().isPresent() && bar.claimed()) {
      Spread spread = bar.spread().get();
      double from = LABEL + spread.min() * scale;
      double to = LABEL + spread.max() * scale;
      add(
          svg,
          "<rect class=\"bar\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>",
          LABEL,
          middle - THICK / 2,
          spread.median() * scale,
          THICK);
      if (spread.values().size() > 1) {
        add(
            svg,
            "<path class=\"spread\" d=\"M%.1f %d v10 m0 -5 H%.1f m0 -5 v10\"/>",
            from,
            middle - 5,
            to);
      }
      end = to;
    }
    String number =
        bar.spread().map(spread -> ComparisonTable.spread(spread, decimals)).orElse("-");
    add(svg, "<text x=\"%.1f\" y=\"%d\">%s</text>", end + 10, middle + 5, Html.escape(number));
    if (!bar.remark().isEmpty()) {
      add(
          svg,
          "<text class=\"remark\" x=\"%d\" y=\"%d\">%s</text>",
          LABEL,
          top + LINE + REMARK / 2,
          Html.escape(bar.remark()));
    }
  }

  private static void add(StringBuilder svg, String format, Object... arguments) {
    svg.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }
}

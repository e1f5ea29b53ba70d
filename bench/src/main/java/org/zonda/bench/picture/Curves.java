package org.zonda.bench.picture;

import java.util.List;
import org.zonda.bench.Spread;

/**
 * How something changes with a size: lines through medians, with a band from the smallest to the
 * largest value. The vertical axis begins at zero.
 *
 * @param title what is shown, with its unit
 * @param note such as {@link BarChart#MORE}; may be empty
 * @param across what the horizontal axis is, such as {@code threads}
 * @param scale of the horizontal axis
 * @param series the curves
 */
public record Curves(String title, String note, String across, Scale scale, List<Series> series)
    implements Picture {

  /** Takes a copy. A size that the scale has no place for is refused. */
  public Curves {
    series = List.copyOf(series);
  }

  /** Where a size is on the horizontal axis. */
  public enum Scale {
    /** In proportion; begins at the smallest size. */
    LINEAR,
    /** Each doubling takes the same room; sizes must be positive. */
    LOG2
  }

  /**
   * A curve.
   *
   * @param name stands at its end
   * @param points in any order
   */
  public record Series(String name, List<Point> points) {

    /** Takes a copy, in order of size. */
    public Series {
      points = points.stream().sorted(java.util.Comparator.comparingDouble(Point::x)).toList();
    }
  }

  /**
   * What was measured at a size.
   *
   * @param x the size
   * @param spread what was measured
   */
  public record Point(double x, Spread spread) {}

  @Override
  public String toSvg() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Table table() {
    return new Table(title, List.of(across, "median", "min", "max"), List.of());
  }
}

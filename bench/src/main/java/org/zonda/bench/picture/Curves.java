package org.zonda.bench.picture;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
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
    for (Series curve : series) {
      for (Point point : curve.points()) {
        if (!Double.isFinite(point.x()) || scale == Scale.LOG2 && point.x() <= 0) {
          throw new IllegalArgumentException(
              "%s: %s %s has no place on a %s axis"
                  .formatted(curve.name(), across, point.x(), scale));
        }
      }
    }
  }

  /** Where a size is on the horizontal axis. */
  public enum Scale {
    /** In proportion; begins at the smallest size. */
    LINEAR,
    /** Each doubling takes the same room; sizes must be positive. */
    LOG2;

    /**
     * What suits sizes.
     *
     * @param sizes any
     * @return {@link #LOG2} if all are positive and the largest is four times the smallest or more
     */
    public static Scale of(List<Double> sizes) {
      double least = sizes.stream().mapToDouble(Double::doubleValue).min().orElse(0);
      double most = sizes.stream().mapToDouble(Double::doubleValue).max().orElse(0);
      return least > 0 && most >= 4 * least ? LOG2 : LINEAR;
    }
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
      points = points.stream().sorted(Comparator.comparingDouble(Point::x)).toList();
    }

    /** Those that have a place. */
    List<Point> drawn() {
      return points.stream().filter(point -> Figures.drawable(point.spread())).toList();
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
    return new CurvesDrawing(this).toSvg();
  }

  @Override
  public Table table() {
    List<List<String>> rows = new ArrayList<>();
    for (Series curve : series) {
      for (Point point : curve.points()) {
        List<String> row = new ArrayList<>(List.of(curve.name(), Figures.round(point.x())));
        row.addAll(Tables.spread(Optional.of(point.spread())));
        rows.add(row);
      }
    }
    List<String> head = new ArrayList<>(List.of("of", across));
    head.addAll(Tables.SPREAD);
    return new Table(title, head, rows);
  }
}

package org.zonda.bench.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.zonda.bench.Spread;

/**
 * Horizontal bars from zero to the median, each with a line from the smallest to the largest value.
 * All bars share one scale. Bars of the same label have the same colour in every group.
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
  }

  @Override
  public String toSvg() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Table table() {
    List<List<String>> rows = new ArrayList<>();
    return new Table(title, List.of("", "median", "min", "max"), rows);
  }
}

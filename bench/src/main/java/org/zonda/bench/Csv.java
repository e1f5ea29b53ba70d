package org.zonda.bench;

import java.util.List;

/** Comma-separated values as RFC 4180 has them, with lines that end as in Unix. */
public final class Csv {

  private final StringBuilder text = new StringBuilder();
  private final int columns;

  /**
   * Begins with the names of the columns.
   *
   * @param names of all columns
   */
  public Csv(List<String> names) {
    columns = names.size();
    line(names);
  }

  /**
   * Adds a line.
   *
   * @param cells one for each column; null is an empty one
   */
  public void line(List<?> cells) {
    if (cells.size() != columns) {
      throw new IllegalArgumentException(cells.size() + " cells for " + columns + " columns");
    }
    for (int i = 0; i < columns; i++) {
      text.append(i == 0 ? "" : ",").append(cells.get(i) == null ? "" : cell(cells.get(i)));
    }
    text.append('\n');
  }

  private static String cell(Object value) {
    String cell = value.toString();
    boolean quoted = cell.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return quoted ? '"' + cell.replace("\"", "\"\"") + '"' : cell;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}

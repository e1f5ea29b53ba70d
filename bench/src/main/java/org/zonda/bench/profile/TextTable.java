package org.zonda.bench.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.zonda.bench.picture.Table;

/** A table for a terminal: columns as wide as they must be, numbers to the right. */
public final class TextTable {

  private TextTable() {}

  /**
   * Writes a table.
   *
   * @param table with a caption, which becomes a line before it
   * @param names how many of the first columns hold names, which stand to the left
   * @return lines, the last one ended too
   */
  public static String of(Table table, int names) {
    List<List<String>> lines = new ArrayList<>(List.of(table.head()));
    lines.addAll(table.rows());
    int[] widths =
        IntStream.range(0, table.head().size())
            .map(
                column ->
                    lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0))
            .toArray();
    return lines.stream()
        .map(
            line ->
                IntStream.range(0, widths.length)
                    .mapToObj(column -> cell(line.get(column), widths[column], column < names))
                    .collect(Collectors.joining("  "))
                    .stripTrailing())
        .collect(Collectors.joining("\n", table.caption() + "\n\n", "\n"));
  }

  private static String cell(String text, int width, boolean name) {
    String space = " ".repeat(width - text.length());
    return name ? text + space : space + text;
  }
}

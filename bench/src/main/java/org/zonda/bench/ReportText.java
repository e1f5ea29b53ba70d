package org.zonda.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Writes a report for people. */
final class ReportText {

  private static final Set<String> WORDS = Set.of("model", "test", "cache");

  private ReportText() {}

  static String of(BenchmarkReport report) {
    StringBuilder text = new StringBuilder();
    ReportHead.facts(report)
        .forEach(
            (name, values) -> {
              String head = name;
              for (String value : values) {
                line(text, String.format(Locale.ROOT, "%-8s %s", head, value));
                head = "";
              }
            });
    ReportTable table = ReportTable.of(report);
    if (!table.rows().isEmpty()) {
      text.append('\n');
      List<List<String>> lines = new ArrayList<>();
      lines.add(table.head());
      lines.addAll(table.rows());
      for (int i = 0; i < lines.size(); i++) {
        line(text, aligned(lines, i) + (i == 0 ? "   " + ReportHead.unit(report) : ""));
      }
    }
    report.notes().forEach(note -> line(text, "\nnot measured: " + note));
    return text.toString();
  }

  /** Words to the left, numbers to the right. */
  private static String aligned(List<List<String>> lines, int row) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < lines.getFirst().size(); i++) {
      int column = i;
      boolean word = WORDS.contains(lines.getFirst().get(i));
      int width = lines.stream().mapToInt(cells -> cells.get(column).length()).max().orElseThrow();
      String cell = lines.get(row).get(i);
      String space = " ".repeat(width - cell.length());
      line.append(i == 0 ? "" : "  ").append(word ? cell + space : space + cell);
    }
    return line.toString();
  }

  private static void line(StringBuilder text, String line) {
    text.append(line.stripTrailing()).append('\n');
  }
}

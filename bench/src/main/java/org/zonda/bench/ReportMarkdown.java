package org.zonda.bench;

import java.util.List;

/** Writes a report for a document. */
final class ReportMarkdown {

  private static final String NUMBER = "---:";
  private static final String WORD = "---";

  private ReportMarkdown() {}

  static String of(BenchmarkReport report) {
    StringBuilder text = new StringBuilder();
    ReportHead.facts(report)
        .forEach(
            (name, values) ->
                values.forEach(value -> text.append("- %s: %s%n".formatted(name, escape(value)))));
    ReportTable table = ReportTable.of(report);
    if (!table.rows().isEmpty()) {
      text.append("- numbers: ").append(ReportHead.unit(report)).append("\n\n");
      row(text, table.head());
      row(text, table.head().stream().map(ReportMarkdown::rule).toList());
      table.rows().forEach(cells -> row(text, cells));
    }
    report.notes().forEach(note -> text.append("\nNot measured: ").append(note).append('\n'));
    return text.toString().replace("\r\n", "\n");
  }

  private static String rule(String head) {
    return head.equals("model") || head.equals("test") || head.equals("cache") ? WORD : NUMBER;
  }

  private static void row(StringBuilder text, List<String> cells) {
    text.append('|');
    cells.forEach(cell -> text.append(' ').append(escape(cell)).append(" |"));
    text.append('\n');
  }

  /** A model may be called anything. */
  private static String escape(String cell) {
    return cell.replace("|", "\\|").replace("\n", " ");
  }
}

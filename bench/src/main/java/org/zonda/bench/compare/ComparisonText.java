package org.zonda.bench.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.zonda.bench.Machine;
import org.zonda.bench.Sizes;

/** Writes a comparison for a terminal: a head, the table with a column for each row, the notes. */
final class ComparisonText {

  private ComparisonText() {}

  static String of(ComparisonReport report) {
    StringBuilder text = new StringBuilder();
    head(report).forEach(line -> text.append(line).append('\n'));
    text.append('\n');
    table(text, ComparisonTable.of(report));
    text.append('\n');
    for (String note : ComparisonTable.notes(report)) {
      text.append(note).append('\n');
    }
    return text.toString();
  }

  /** What all rows share. */
  static List<String> head(ComparisonReport report) {
    List<String> head = new ArrayList<>();
    head.add(
        "model    %s, %s billion parameters, %s in %s"
            .formatted(
                report.model(),
                String.format(Locale.ROOT, "%.2f", report.parameters() / 1e9),
                Sizes.of(report.weightBytes()),
                String.join(", ", report.formats())));
    Machine machine = report.machine();
    head.add(
        "machine  %s, %d cores, %s; %s"
            .formatted(
                machine.cpu(), machine.cores(), Sizes.of(machine.memoryBytes()), machine.system()));
    head.add("java     " + machine.java());
    head.add("tornado  " + report.tornado().orElse("not there"));
    report.commit().ifPresent(commit -> head.add("commit   " + commit));
    head.add(
        "setting  batches of %d, KV cache in %s, %d rounds in turn; median (min to max)"
            .formatted(
                report.options().batchSize(),
                report.options().cacheType(),
                report.options().repetitions()));
    return head;
  }

  private static void table(StringBuilder text, List<List<String>> lines) {
    int columns = lines.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> line : lines) {
      for (int c = 0; c < columns; c++) {
        widths[c] = Math.max(widths[c], line.get(c).length());
      }
    }
    for (List<String> line : lines) {
      StringBuilder row = new StringBuilder();
      for (int c = 0; c < columns; c++) {
        String padding = " ".repeat(widths[c] - line.get(c).length());
        row.append(c == 0 ? line.get(c) + padding : "  " + padding + line.get(c));
      }
      text.append(row.toString().stripTrailing()).append('\n');
    }
  }
}

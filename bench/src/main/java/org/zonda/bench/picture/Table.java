package org.zonda.bench.picture;

import java.util.List;

/**
 * Figures in lines and columns, as text.
 *
 * @param caption what they are
 * @param head what the columns are
 * @param rows as long as the head; the first cell says what the row is
 */
public record Table(String caption, List<String> head, List<List<String>> rows) {

  /** Takes copies. A row of another length is refused. */
  public Table {
    head = List.copyOf(head);
    rows = rows.stream().map(List::copyOf).toList();
    for (List<String> row : rows) {
      if (row.size() != head.size()) {
        throw new IllegalArgumentException(
            "a row of %d cells in a table of %d columns: %s"
                .formatted(row.size(), head.size(), row));
      }
    }
  }
}

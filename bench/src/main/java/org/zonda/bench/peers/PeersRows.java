package org.zonda.bench.peers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.zonda.model.ZondaException;

/**
 * Single measurements of several engines, as comma-separated values (RFC 4180, no line breaks in
 * cells) with a line of names first. Columns that must be there: {@code file}, {@code engine},
 * {@code what} and {@code value}; others are kept for the raw rows.
 *
 * @param rows in the order in which they were measured
 */
record PeersRows(List<Row> rows) {

  private static final List<String> NEEDED = List.of("file", "engine", "what", "value");

  /**
   * A measurement.
   *
   * @param file name of the model's file; {@code -} where it is about no file
   * @param engine who ran it
   * @param what was measured, such as {@code pp512}
   * @param value in the unit of {@code what}
   * @param cells all of them by name
   */
  record Row(String file, String engine, String what, double value, Map<String, String> cells) {}

  /**
   * Reads rows.
   *
   * @param label what messages call the source
   * @param text comma-separated values
   * @throws ZondaException if they are none, a column is missing or a value is no number
   */
  static PeersRows read(String label, String text) {
    List<String> lines = text.lines().toList();
    List<String> names = lines.isEmpty() ? List.of() : cells(label, 1, lines.getFirst());
    for (String needed : NEEDED) {
      if (!names.contains(needed)) {
        throw new ZondaException(
            "%s: column '%s' is missing; the first line must name %s, but is '%s'"
                .formatted(
                    label,
                    needed,
                    String.join(", ", NEEDED),
                    lines.isEmpty() ? "" : lines.getFirst()));
      }
    }
    List<Row> rows = new ArrayList<>();
    for (int n = 1; n < lines.size(); n++) {
      List<String> cells = cells(label, n + 1, lines.get(n));
      if (cells.size() != names.size()) {
        throw new ZondaException(
            "%s: line %d has %d cells; the first line names %d columns"
                .formatted(label, n + 1, cells.size(), names.size()));
      }
      Map<String, String> row = new LinkedHashMap<>();
      for (int c = 0; c < cells.size(); c++) {
        row.put(names.get(c), cells.get(c));
      }
      rows.add(
          new Row(
              row.get("file"),
              row.get("engine"),
              row.get("what"),
              number(label, n + 1, row.get("value")),
              row));
    }
    return new PeersRows(rows);
  }

  private static double number(String label, int line, String value) {
    try {
      return Double.parseDouble(value);
    } catch (NumberFormatException e) {
      throw new ZondaException(
          "%s: line %d has the value '%s'; it must be a number".formatted(label, line, value));
    }
  }

  private static List<String> cells(String label, int number, String line) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        cell.append(c);
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    if (quoted) {
      throw new ZondaException(
          "%s: line %d ends within quotes; a cell must not have line breaks"
              .formatted(label, number));
    }
    cells.add(cell.toString());
    return cells;
  }

  /** The rows for programs: one JSON array of objects, values as numbers. */
  String toJson() {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartArray();
      for (Row row : rows) {
        json.writeStartObject();
        for (Map.Entry<String, String> cell : row.cells().entrySet()) {
          if (cell.getKey().equals("value") && Double.isFinite(row.value())) {
            json.writeNumberField("value", row.value());
          } else {
            json.writeStringField(cell.getKey(), cell.getValue());
          }
        }
        json.writeEndObject();
      }
      json.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a StringWriter has none
    }
    return text.toString();
  }
}

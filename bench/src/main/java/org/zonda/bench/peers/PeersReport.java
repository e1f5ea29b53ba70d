package org.zonda.bench.peers;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.zonda.bench.Csv;
import org.zonda.bench.Spread;
import org.zonda.bench.picture.BarChart;
import org.zonda.bench.picture.Report;

/**
 * Writes what {@code bench/peers.sh} measured: {@code PeersReport FOLDER NAME} makes NAME.md,
 * NAME.csv, NAME.json and NAME.html of a {@linkplain PeerRuns folder}. Ratios are taken round by
 * round, of measurements that were made one after the other, and then ordered.
 */
public final class PeersReport {

  private final PeerRuns runs;
  private final List<List<String>> facts;

  private PeersReport(PeerRuns runs) throws IOException {
    this.runs = runs;
    facts = runs.facts();
  }

  /**
   * Writes the four files.
   *
   * @param arguments a folder, and the files' name without their ends
   * @throws IOException if something cannot be read or written
   */
  public static void main(String[] arguments) throws IOException {
    PeersReport report = new PeersReport(new PeerRuns(Path.of(arguments[0])));
    Files.writeString(Path.of(arguments[1] + ".md"), report.toMarkdown());
    Files.writeString(Path.of(arguments[1] + ".csv"), report.toCsv());
    Files.writeString(Path.of(arguments[1] + ".json"), report.toJson() + "\n");
    Files.writeString(Path.of(arguments[1] + ".html"), report.toHtml());
  }

  // --- Figures -----------------------------------------------------------------------------------

  /** What stands in the table, in Zonda's order. */
  private List<String> columns(String file) {
    Set<String> columns = new LinkedHashSet<>();
    runs.rows().stream()
        .filter(row -> row.isSpeed() && row.file().equals(file))
        .forEach(row -> columns.add(row.column()));
    return List.copyOf(columns);
  }

  private Optional<Spread> spread(String file, String engine, String column) {
    List<Double> values =
        runs.rows().stream()
            .filter(row -> row.file().equals(file) && row.engine().equals(engine))
            .filter(row -> row.column().equals(column))
            .map(PeerRow::value)
            .toList();
    return values.isEmpty() ? Optional.empty() : Optional.of(new Spread(values));
  }

  /** Zonda's speed over another's in the same round. */
  private Optional<Spread> ratio(String file, String engine, String column) {
    Map<Integer, Double> zonda = byRound(file, PeerRuns.ZONDA, column);
    Map<Integer, Double> peer = byRound(file, engine, column);
    List<Double> ratios = new ArrayList<>();
    zonda.forEach(
        (round, speed) -> {
          if (peer.containsKey(round)) {
            ratios.add(speed / peer.get(round));
          }
        });
    return ratios.isEmpty() ? Optional.empty() : Optional.of(new Spread(ratios));
  }

  private Map<Integer, Double> byRound(String file, String engine, String column) {
    Map<Integer, List<Double>> values = new LinkedHashMap<>();
    runs.rows().stream()
        .filter(row -> row.file().equals(file) && row.engine().equals(engine))
        .filter(row -> row.column().equals(column))
        .forEach(
            row -> values.computeIfAbsent(row.round(), r -> new ArrayList<>()).add(row.value()));
    Map<Integer, Double> medians = new LinkedHashMap<>();
    values.forEach((round, list) -> medians.put(round, new Spread(list).median()));
    return medians;
  }

  // --- Markdown ----------------------------------------------------------------------------------

  private String toMarkdown() throws IOException {
    StringBuilder text = new StringBuilder("# Zonda beside its peers\n\n");
    for (List<String> fact : head()) {
      text.append("- ").append(fact.get(0)).append(": ").append(fact.get(1)).append('\n');
    }
    for (String file : runs.fileBytes().keySet()) {
      text.append("\n## %s, %d MB\n\n".formatted(file, runs.fileBytes().get(file) / 1_000_000));
      table(text, file);
      beyond(text, file);
    }
    List<Double> first = runs.firstTokenSeconds();
    if (!first.isEmpty()) {
      text.append(
          "\n## From a cold start to the first token\n\nThe embedded model, from the start");
      text.append(" of `./zonda` to the first byte it prints: ");
      text.append(text(Optional.of(new Spread(first)), 2)).append(" s, ");
      text.append(first.size()).append(" times.\n");
    }
    List<String> commands =
        facts.stream().filter(fact -> fact.get(0).equals("command")).map(List::getLast).toList();
    if (!commands.isEmpty()) {
      text.append("\n## Commands\n\n```\n").append(String.join("\n", commands)).append("\n```\n");
    }
    return text.toString();
  }

  /** What stands above the tables, here and on the page. */
  private List<List<String>> head() throws IOException {
    List<List<String>> head = new ArrayList<>();
    facts.stream().filter(fact -> !fact.get(0).equals("command")).forEach(head::add);
    runs.limits().ifPresent(figures -> figures.forEach(one -> head.add(limits(one))));
    runs.engines()
        .forEach(
            (engine, what) -> {
              if (!what.isEmpty()) {
                head.add(List.of(engine, what));
              }
            });
    head.add(
        List.of(
            "numbers",
            "median (smallest to largest); a ratio is Zonda's speed to the peer's in the same round"));
    return head;
  }

  private static List<String> limits(JsonNode figures) {
    return List.of(
        "limits of " + figures.path("threads").asInt() + " thread(s)",
        "reading %s GB/s; multiply-adds of floats %s, of 8-bit integers %s, of bfloat16 %s G/s"
            .formatted(
                giga(figures.path("read")),
                giga(figures.path("multiply_add_float32")),
                giga(figures.path("multiply_add_int8")),
                giga(figures.path("multiply_add_bf16"))));
  }

  /** The fastest pass. */
  private static String giga(JsonNode speed) {
    double best = 0;
    for (JsonNode value : speed.path("per_second")) {
      best = Math.max(best, value.asDouble());
    }
    return best == 0 ? "unknown" : String.format(Locale.ROOT, "%.1f", best * 1e-9);
  }

  private void table(StringBuilder text, String file) {
    List<String> columns = columns(file);
    text.append("| engine |");
    columns.forEach(
        column -> text.append(' ').append(title(file, column)).append(" tokens/s | ratio |"));
    text.append(" peak memory, MB |\n|---|").append("---|---|".repeat(columns.size()));
    text.append("---|\n");
    for (String engine : runs.engines().keySet()) {
      text.append("| ").append(engine).append(" |");
      for (String column : columns) {
        int decimals = column.startsWith("pp") ? 1 : 2;
        text.append(' ').append(text(spread(file, engine, column), decimals)).append(" |");
        Optional<Spread> ratio =
            engine.equals(PeerRuns.ZONDA) ? Optional.empty() : ratio(file, engine, column);
        text.append(' ').append(text(ratio, 2)).append(" |");
      }
      text.append(' ').append(text(spread(file, engine, PeerRow.PEAK), 0)).append(" |\n");
    }
  }

  /** Zonda's own name of a test, with those of whoever measured another. */
  private String title(String file, String column) {
    Set<String> names = new LinkedHashSet<>();
    runs.rows().stream()
        .filter(row -> row.file().equals(file) && row.column().equals(column))
        .forEach(row -> names.add(row.test()));
    return String.join(" or ", names);
  }

  private void beyond(StringBuilder text, String file) {
    Optional<Spread> peak = spread(file, PeerRuns.ZONDA, PeerRow.PEAK);
    long cache = runs.cacheBytes().getOrDefault(file, 0L);
    peak.ifPresent(
        spread ->
            text.append(
                "\nZonda's peak beyond the file and its KV cache of %d MB: %.0f MB.\n"
                    .formatted(
                        cache / 1_000_000,
                        spread.median() - (runs.fileBytes().get(file) + cache) / 1e6)));
  }

  private static String text(Optional<Spread> spread, int decimals) {
    String number = "%." + decimals + "f";
    return spread
        .map(
            values ->
                String.format(
                    Locale.ROOT,
                    number + " (" + number + " to " + number + ")",
                    values.median(),
                    values.min(),
                    values.max()))
        .orElse("-");
  }

  // --- Rows and pictures -------------------------------------------------------------------------

  private String toCsv() {
    Csv csv = new Csv(List.of("round", "file", "file_bytes", "engine", "test", "unit", "value"));
    for (PeerRow row : runs.rows()) {
      csv.line(
          List.of(
              row.round(),
              row.file(),
              runs.fileBytes().get(row.file()),
              row.engine(),
              row.test(),
              row.unit(),
              row.value()));
    }
    return csv.toString();
  }

  private String toJson() throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new ObjectMapper().createGenerator(text)) {
      json.writeStartObject();
      json.writeObjectField("facts", facts);
      json.writeObjectField("engines", runs.engines());
      json.writeObjectField("figures", runs.limits().orElse(null));
      json.writeObjectField("first_token_seconds", runs.firstTokenSeconds());
      json.writeArrayFieldStart("rows");
      for (PeerRow row : runs.rows()) {
        json.writeStartObject();
        json.writeNumberField("round", row.round());
        json.writeStringField("file", row.file());
        json.writeNumberField("file_bytes", runs.fileBytes().get(row.file()));
        json.writeStringField("engine", row.engine());
        json.writeStringField("test", row.test());
        json.writeStringField("unit", row.unit());
        json.writeNumberField("value", row.value());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    return text.toString();
  }

  private String toHtml() throws IOException {
    Report page = new Report("Zonda beside its peers");
    head().forEach(fact -> page.fact(fact.get(0), fact.get(1)));
    Set<String> columns = new LinkedHashSet<>();
    runs.fileBytes().keySet().forEach(file -> columns.addAll(columns(file)));
    for (String column : columns) {
      page.picture(chart(column));
    }
    page.picture(new BarChart("Peak memory, MB", BarChart.LESS, groups(PeerRow.PEAK)));
    return page.rows(toJson()).toHtml();
  }

  private BarChart chart(String column) {
    String what = column.startsWith("pp") ? "Prefill" : "Decode";
    String depth = column.length() > 2 ? " after" + column.substring(4) + " tokens" : "";
    return new BarChart(what + depth + ", tokens/s", BarChart.MORE, groups(column));
  }

  /** A group for each file with a bar for each engine that has figures of it. */
  private List<BarChart.Group> groups(String column) {
    List<BarChart.Group> groups = new ArrayList<>();
    for (String file : runs.fileBytes().keySet()) {
      List<BarChart.Bar> bars = new ArrayList<>();
      for (String engine : runs.engines().keySet()) {
        Optional<Spread> values = spread(file, engine, column);
        if (values.isPresent()) {
          bars.add(new BarChart.Bar(engine, values, remark(file, engine, column), true));
        }
      }
      groups.add(new BarChart.Group(file, bars));
    }
    return groups;
  }

  private String remark(String file, String engine, String column) {
    return engine.equals(PeerRuns.ZONDA) || column.equals(PeerRow.PEAK)
        ? ""
        : ratio(file, engine, column)
            .map(ratio -> "Zonda is at %s of it".formatted(text(Optional.of(ratio), 2)))
            .orElse("");
  }
}

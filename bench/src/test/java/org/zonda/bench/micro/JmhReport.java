package org.zonda.bench.micro;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.zonda.bench.Checkout;
import org.zonda.bench.Csv;
import org.zonda.bench.Hardware;
import org.zonda.bench.Machine;
import org.zonda.bench.MachineFigures;
import org.zonda.bench.MachineFiguresJson;
import org.zonda.bench.Spread;
import org.zonda.bench.picture.Report;
import org.zonda.bench.picture.Roofline;
import org.zonda.bench.picture.Roofline.Kernel;
import org.zonda.bench.picture.Roofline.Roof;
import org.zonda.bench.picture.Roofs;
import org.zonda.bench.picture.Table;

/**
 * Turns JMH's JSON into a table with what each benchmark reads and computes a second, and what
 * share that is of what the machine can do at most with as many threads, which is measured now.
 *
 * <p>{@code JmhReport (text|json|markdown|csv|html) RESULTS.json}, printed; {@code bench/jmh.sh}
 * calls it.
 */
final class JmhReport {

  /**
   * A benchmark with its parameters.
   *
   * @param parameters all but the number of threads
   * @param threads that worked at once
   * @param perSecond operations
   * @param error half of the 99.9% confidence interval
   * @param gigabytes per second, empty if it counts none
   * @param gigaMultiplyAdds per second, empty if it counts none
   */
  record Row(
      String benchmark,
      Map<String, String> parameters,
      int threads,
      double perSecond,
      double error,
      OptionalDouble gigabytes,
      OptionalDouble gigaMultiplyAdds) {}

  private static final List<String> HEAD =
      List.of(
          "benchmark",
          "parameters",
          "threads",
          "operations/s",
          "±",
          "GB/s",
          "of reading",
          "GMAC/s",
          "of f32",
          "of int8",
          "of bf16");

  private final List<Row> rows;
  private final Map<Integer, MachineFigures> figures;

  JmhReport(List<Row> rows, Map<Integer, MachineFigures> figures) {
    this.rows = rows;
    this.figures = figures;
  }

  public static void main(String[] arguments) throws IOException {
    List<Row> rows = read(new ObjectMapper().readTree(Files.readString(Path.of(arguments[1]))));
    Map<Integer, MachineFigures> figures = new TreeMap<>();
    rows.forEach(row -> figures.computeIfAbsent(row.threads(), MachineFigures::measure));
    JmhReport report = new JmhReport(rows, figures);
    System.out.print(
        switch (arguments[0]) {
          case "json" -> report.toJson() + "\n";
          case "markdown" -> report.toMarkdown();
          case "csv" -> report.toCsv();
          case "html" -> report.toHtml();
          default -> report.toText();
        });
    if (System.out.checkError()) {
      throw new IOException("the report cannot be written");
    }
  }

  /** Reads what JMH writes with {@code -rf json}. */
  static List<Row> read(JsonNode results) {
    List<Row> rows = new ArrayList<>();
    for (JsonNode result : results) {
      Map<String, String> parameters = new LinkedHashMap<>();
      result
          .path("params")
          .fields()
          .forEachRemaining(e -> parameters.put(e.getKey(), e.getValue().asText()));
      String own = parameters.remove("threads");
      int each = own == null ? 1 : Integer.parseInt(own);
      String name = result.path("benchmark").asText();
      JsonNode score = result.path("primaryMetric");
      rows.add(
          new Row(
              name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1),
              parameters,
              result.path("threads").asInt(1)
                  * (each == 0 ? Runtime.getRuntime().availableProcessors() : each),
              score.path("score").asDouble(),
              score.path("scoreError").asDouble(Double.NaN),
              counted(result, "gigabytes"),
              counted(result, "gigaMultiplyAdds")));
    }
    return rows;
  }

  private static OptionalDouble counted(JsonNode result, String name) {
    JsonNode score = result.path("secondaryMetrics").path(name).path("score");
    return score.isNumber() ? OptionalDouble.of(score.asDouble()) : OptionalDouble.empty();
  }

  private List<String> cells(Row row) {
    MachineFigures limits = figures.get(row.threads());
    return List.of(
        row.benchmark(),
        row.parameters().entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining(" ")),
        Integer.toString(row.threads()),
        number(OptionalDouble.of(row.perSecond())),
        Double.isNaN(row.error()) ? "-" : number(OptionalDouble.of(row.error())),
        number(row.gigabytes()),
        percent(row.gigabytes(), limits.read().best()),
        number(row.gigaMultiplyAdds()),
        percent(row.gigaMultiplyAdds(), limits.float32().best()),
        percent(row.gigaMultiplyAdds(), limits.int8().best()),
        percent(row.gigaMultiplyAdds(), limits.bf16().best()));
  }

  /** What the shares are of. */
  private List<String> limits() {
    return figures.values().stream()
        .map(
            limits ->
                "limits of %s thread%s: reading %s GB/s; multiply-adds: f32 %s, int8 %s, bf16 %s GMAC/s"
                    .formatted(
                        limits.threads(),
                        limits.threads() == 1 ? "" : "s",
                        giga(limits.read().best()),
                        giga(limits.float32().best()),
                        giga(limits.int8().best()),
                        giga(limits.bf16().best())))
        .toList();
  }

  private static String giga(OptionalDouble perSecond) {
    return perSecond.isEmpty()
        ? "unknown"
        : String.format(Locale.ROOT, "%.1f", perSecond.getAsDouble() * 1e-9);
  }

  private static String number(OptionalDouble value) {
    if (value.isEmpty()) {
      return "-";
    }
    double number = value.getAsDouble();
    return String.format(Locale.ROOT, number < 1 ? "%.4f" : number < 100 ? "%.2f" : "%.0f", number);
  }

  private static String percent(OptionalDouble giga, OptionalDouble limit) {
    return share(giga, limit).isEmpty()
        ? "-"
        : String.format(Locale.ROOT, "%.0f%%", 100 * share(giga, limit).getAsDouble());
  }

  private static OptionalDouble share(OptionalDouble giga, OptionalDouble limit) {
    return giga.isEmpty() || limit.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(giga.getAsDouble() * 1e9 / limit.getAsDouble());
  }

  String toText() {
    StringBuilder text = new StringBuilder();
    limits().forEach(line -> text.append(line).append('\n'));
    List<List<String>> lines = new ArrayList<>();
    lines.add(HEAD);
    rows.forEach(row -> lines.add(cells(row)));
    text.append('\n');
    for (List<String> line : lines) {
      StringBuilder cells = new StringBuilder();
      for (int i = 0; i < HEAD.size(); i++) {
        int column = i;
        int width = lines.stream().mapToInt(cell -> cell.get(column).length()).max().orElse(0);
        String space = " ".repeat(width - line.get(i).length());
        cells.append(i < 2 ? line.get(i) + space : space + line.get(i)).append("  ");
      }
      text.append(cells.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  String toMarkdown() {
    StringBuilder text = new StringBuilder();
    Machine machine = Machine.detect();
    text.append("- machine: ").append(machine.cpu()).append("; ").append(machine.java());
    limits().forEach(line -> text.append("\n- ").append(line));
    text.append("\n\n| ").append(String.join(" | ", HEAD)).append(" |\n|---|---");
    text.append("|---:".repeat(HEAD.size() - 2)).append("|\n");
    rows.forEach(row -> text.append("| ").append(String.join(" | ", cells(row))).append(" |\n"));
    return text.toString();
  }

  /** A page with a roofline for each number of threads. */
  String toHtml() throws IOException {
    Report page = new Report("Microbenchmarks");
    page.measuredOn(Machine.detect(), Checkout.commit(), Instant.now());
    limits().forEach(line -> page.fact("limits", line));
    for (MachineFigures limits : figures.values()) {
      List<Roof> roofs = Roofs.of(limits);
      List<Kernel> kernels =
          rows.stream()
              .filter(row -> row.threads() == limits.threads())
              .filter(row -> row.gigabytes().isPresent() && row.gigaMultiplyAdds().isPresent())
              .map(row -> kernel(row, roofs))
              .toList();
      if (!kernels.isEmpty()) {
        String threads = limits.threads() + (limits.threads() == 1 ? " thread" : " threads");
        page.picture(
            new Roofline(
                "Kernels under their roofs, " + threads,
                "percentages are shares of the roof",
                roofs,
                kernels));
      }
    }
    page.section("All figures");
    page.table(
        new Table("operations and what they move", HEAD, rows.stream().map(this::cells).toList()));
    return page.rows(toJson()).toHtml();
  }

  private static Kernel kernel(Row row, List<Roof> roofs) {
    String format = row.parameters().getOrDefault("format", "F32");
    int tokens = Integer.parseInt(row.parameters().getOrDefault("tokens", "1"));
    Optional<String> roof = Roofs.above(roofs, Hardware.PROCESSOR, format, tokens).map(Roof::name);
    String name = row.benchmark().substring(row.benchmark().lastIndexOf('.') + 1);
    return new Kernel(
        name + " " + String.join(" ", row.parameters().values()),
        row.gigaMultiplyAdds().getAsDouble() / row.gigabytes().getAsDouble(),
        new Spread(List.of(row.gigaMultiplyAdds().getAsDouble() * 1e9)),
        roof);
  }

  String toCsv() {
    Set<String> names = new LinkedHashSet<>();
    rows.forEach(row -> names.addAll(row.parameters().keySet()));
    List<String> head = new ArrayList<>(List.of("benchmark"));
    head.addAll(names);
    head.addAll(List.of("threads", "operations_per_second", "error"));
    head.addAll(List.of("gigabytes_per_second", "share_of_reading"));
    head.addAll(List.of("giga_multiply_adds_per_second", "share_of_float32"));
    head.addAll(List.of("share_of_int8", "share_of_bf16"));
    Csv csv = new Csv(head);
    for (Row row : rows) {
      MachineFigures limits = figures.get(row.threads());
      List<Object> cells = new ArrayList<>(List.of(row.benchmark()));
      names.forEach(name -> cells.add(row.parameters().get(name)));
      cells.add(row.threads());
      cells.add(row.perSecond());
      cells.add(Double.isNaN(row.error()) ? null : row.error());
      for (OptionalDouble value :
          List.of(
              row.gigabytes(),
              share(row.gigabytes(), limits.read().best()),
              row.gigaMultiplyAdds(),
              share(row.gigaMultiplyAdds(), limits.float32().best()),
              share(row.gigaMultiplyAdds(), limits.int8().best()),
              share(row.gigaMultiplyAdds(), limits.bf16().best()))) {
        cells.add(value.isEmpty() ? null : value.getAsDouble());
      }
      csv.line(cells);
    }
    return csv.toString();
  }

  String toJson() throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new ObjectMapper().createGenerator(text)) {
      json.writeStartObject();
      json.writeArrayFieldStart("figures");
      for (MachineFigures limits : figures.values()) {
        MachineFiguresJson.write(json, limits);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("benchmarks");
      for (Row row : rows) {
        json.writeStartObject();
        json.writeStringField("benchmark", row.benchmark());
        json.writeObjectField("parameters", row.parameters());
        json.writeNumberField("threads", row.threads());
        json.writeNumberField("operations_per_second", row.perSecond());
        field(
            json,
            "error",
            Double.isNaN(row.error()) ? OptionalDouble.empty() : OptionalDouble.of(row.error()));
        MachineFigures limits = figures.get(row.threads());
        field(json, "gigabytes_per_second", row.gigabytes());
        field(json, "share_of_reading", share(row.gigabytes(), limits.read().best()));
        field(json, "giga_multiply_adds_per_second", row.gigaMultiplyAdds());
        field(json, "share_of_float32", share(row.gigaMultiplyAdds(), limits.float32().best()));
        field(json, "share_of_int8", share(row.gigaMultiplyAdds(), limits.int8().best()));
        field(json, "share_of_bf16", share(row.gigaMultiplyAdds(), limits.bf16().best()));
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    return text.toString();
  }

  private static void field(JsonGenerator json, String name, OptionalDouble value)
      throws IOException {
    if (value.isPresent()) {
      json.writeNumberField(name, value.getAsDouble());
    } else {
      json.writeNullField(name);
    }
  }
}

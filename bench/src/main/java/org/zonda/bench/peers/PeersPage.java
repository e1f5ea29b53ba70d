package org.zonda.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.zonda.bench.Checkout;
import org.zonda.bench.Machine;
import org.zonda.bench.Spread;
import org.zonda.bench.peers.PeersRows.Row;
import org.zonda.bench.picture.BarChart;
import org.zonda.bench.picture.BarChart.Bar;
import org.zonda.bench.picture.BarChart.Group;
import org.zonda.bench.picture.Report;
import org.zonda.bench.picture.Table;
import org.zonda.model.ZondaException;

/**
 * Makes a page of what several engines reached with the same files: for each measure bars by file
 * and engine, and the first engine's medians over those of the others. {@code bench/peers.sh} calls
 * it on the machine where it measured.
 */
public final class PeersPage {

  private static final String NONE = "-";

  private final PeersRows rows;
  private final List<String> engines;

  PeersPage(PeersRows rows) {
    this.rows = rows;
    engines = distinct(Row::engine);
  }

  /**
   * Writes the page.
   *
   * @param arguments file with the rows ({@link PeersRows}), file for the page, and facts that
   *     stand at its head, such as {@code threads=2}
   */
  public static void main(String[] arguments) {
    if (arguments.length < 2) {
      System.err.println("usage: PeersPage ROWS.csv PAGE.html [NAME=VALUE...]");
      System.exit(2);
    }
    try {
      write(
          Path.of(arguments[0]),
          Path.of(arguments[1]),
          List.of(arguments).subList(2, arguments.length));
    } catch (ZondaException e) {
      System.err.println("PeersPage: " + e.getMessage());
      System.exit(1);
    }
  }

  static void write(Path from, Path to, List<String> facts) {
    Map<String, String> named = new LinkedHashMap<>();
    for (String fact : facts) {
      int gap = fact.indexOf('=');
      if (gap < 1) {
        throw new ZondaException("'%s' is no fact; one is NAME=VALUE".formatted(fact));
      }
      named.put(fact.substring(0, gap), fact.substring(gap + 1));
    }
    PeersRows rows = PeersRows.read(from.toString(), text(from));
    String page =
        new PeersPage(rows).page(named, Machine.detect(), Checkout.commit(), Instant.now());
    try {
      Files.writeString(to, page);
    } catch (IOException e) {
      throw new ZondaException(to + " cannot be written: " + e.getMessage(), e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new ZondaException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  String page(Map<String, String> facts, Machine machine, Optional<String> commit, Instant time) {
    Report page = new Report("Zonda beside its peers");
    page.text(
        "Engines that took turns on the same files. Bars are medians, lines reach from the smallest"
            + " to the largest value.");
    facts.forEach(page::fact);
    page.measuredOn(machine, commit, time);
    distinct(Row::what).forEach(what -> page.picture(chart(what)));
    if (engines.size() > 1) {
      page.section(engines.getFirst() + " over the others");
      page.table(ratios());
    }
    return page.rows(rows.toJson()).toHtml();
  }

  private BarChart chart(String what) {
    List<Group> groups = new ArrayList<>();
    for (String file : distinct(Row::file)) {
      List<Bar> bars = new ArrayList<>();
      for (String engine : engines) {
        spread(file, engine, what).ifPresent(spread -> bars.add(new Bar(engine, spread)));
      }
      if (!bars.isEmpty()) {
        groups.add(new Group(file.equals(NONE) ? "" : file, bars));
      }
    }
    return new BarChart(title(what), isSpeed(what) ? BarChart.MORE : BarChart.LESS, groups);
  }

  private static boolean isSpeed(String what) {
    return what.startsWith("pp") || what.startsWith("tg");
  }

  /** The measures of {@code bench/peers.sh} in full. */
  private static String title(String what) {
    return switch (what) {
      case "peak" -> "Peak memory, MB";
      case "kv" -> "KV cache, MB";
      case "first" -> "From a cold start to the first token, seconds";
      default ->
          what.startsWith("pp")
              ? "Prefill, " + what + ", tokens/s"
              : what.startsWith("tg") ? "Decode, " + what + ", tokens/s" : what;
    };
  }

  private Table ratios() {
    List<String> others = engines.subList(1, engines.size());
    List<String> head = new ArrayList<>(List.of("file", "what"));
    others.forEach(engine -> head.add("of " + engine));
    List<List<String>> lines = new ArrayList<>();
    for (String file : distinct(Row::file)) {
      for (String what : distinct(Row::what)) {
        List<String> line = new ArrayList<>(List.of(file, what));
        others.forEach(engine -> line.add(ratio(file, engine, what)));
        if (line.subList(2, line.size()).stream().anyMatch(cell -> !cell.equals(NONE))) {
          lines.add(line);
        }
      }
    }
    return new Table("median over median", head, lines);
  }

  private String ratio(String file, String engine, String what) {
    Optional<Spread> ours = spread(file, engines.getFirst(), what);
    Optional<Spread> theirs = spread(file, engine, what).filter(spread -> spread.median() > 0);
    return ours.isEmpty() || theirs.isEmpty()
        ? NONE
        : String.format(Locale.ROOT, "%.2f", ours.get().median() / theirs.get().median());
  }

  private Optional<Spread> spread(String file, String engine, String what) {
    List<Double> values =
        rows.rows().stream()
            .filter(row -> row.file().equals(file))
            .filter(row -> row.engine().equals(engine) && row.what().equals(what))
            .map(Row::value)
            .toList();
    return values.isEmpty() ? Optional.empty() : Optional.of(new Spread(values));
  }

  private List<String> distinct(Function<Row, String> of) {
    return rows.rows().stream().map(of).distinct().toList();
  }
}

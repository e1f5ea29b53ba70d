package org.zonda.bench;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What was measured, with all that is needed to compare it.
 *
 * @param time when it began
 * @param machine where it ran
 * @param commit of this program, where it was run from a checkout
 * @param figures what the machine can do at most; empty where that was not measured
 * @param runs in the order in which they were made
 * @param notes what could not be measured, and why
 */
public record BenchmarkReport(
    Instant time,
    Machine machine,
    Optional<String> commit,
    List<MachineFigures> figures,
    List<BenchmarkRun> runs,
    List<String> notes) {

  /** Takes copies. */
  public BenchmarkReport {
    figures = List.copyOf(figures);
    runs = List.copyOf(runs);
    notes = List.copyOf(notes);
  }

  /**
   * What the machine can do at most, and nothing else.
   *
   * @param figures of the machine
   * @return a report without runs
   */
  public static BenchmarkReport ofMachine(List<MachineFigures> figures) {
    return new BenchmarkReport(
        Instant.now(), Machine.detect(), Checkout.commit(), figures, List.of(), List.of());
  }

  /**
   * How near writing is to the speed of the memory.
   *
   * @param run one of the runs
   * @param measurement one of its measurements
   * @return the least time of a step over the median one; empty where it is not known
   */
  public OptionalDouble shareOfReading(BenchmarkRun run, Measurement measurement) {
    return figures.stream()
        .filter(measured -> measured.threads() == run.threads())
        .findFirst()
        .map(measured -> measurement.shareOf(measured.read()))
        .orElse(OptionalDouble.empty());
  }

  /**
   * The report for a terminal.
   *
   * @return lines of text, a table among them, the last one ended too
   */
  public String toText() {
    return ReportText.of(this);
  }

  /**
   * The report for a document.
   *
   * @return lists and a table in Markdown, the last line ended too
   */
  public String toMarkdown() {
    return ReportMarkdown.of(this);
  }

  /**
   * The report for spreadsheets: a line for each repetition.
   *
   * @return comma-separated values (RFC 4180) with a line of names first
   */
  public String toCsv() {
    return ReportCsv.of(this);
  }

  /**
   * The report for programs: speeds in tokens per second, sizes in bytes, times in seconds.
   *
   * @return one JSON object in one line, without its end
   */
  public String toJson() {
    return ReportJson.of(this);
  }

  /**
   * The report to look at: bars with spread, curves over whatever was varied, and the table, in one
   * file that needs no other.
   *
   * @return an HTML page
   */
  public String toHtml() {
    return BenchmarkHtml.of(this);
  }
}

package org.zonda.bench.compare;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.zonda.bench.BenchmarkOptions;
import org.zonda.bench.Machine;
import org.zonda.bench.ReadSpeed;

/**
 * The same model in several ways, measured in turn on one machine.
 *
 * @param time when it began
 * @param machine where it ran
 * @param tornado version of TornadoVM, where it was there
 * @param commit of this program, where it was run from a checkout
 * @param model what messages call the model
 * @param parameters elements of its weights
 * @param weightBytes bytes of its weights
 * @param formats names of the formats of its weights, the one with most bytes first
 * @param options what was asked for; the repetitions are the rounds
 * @param hostReadSpeed how fast the host's memory can be read
 * @param rows one for each candidate that could be had, in the order asked for
 * @param notes what a reader must know, such as which candidates could not be had and why
 */
public record ComparisonReport(
    Instant time,
    Machine machine,
    Optional<String> tornado,
    Optional<String> commit,
    String model,
    long parameters,
    long weightBytes,
    List<String> formats,
    BenchmarkOptions options,
    ReadSpeed hostReadSpeed,
    List<ComparisonRow> rows,
    List<String> notes) {

  /** Takes copies. */
  public ComparisonReport {
    formats = List.copyOf(formats);
    rows = List.copyOf(rows);
    notes = List.copyOf(notes);
  }

  /**
   * The report for a terminal.
   *
   * @return lines of text, a table among them, the last one ended too
   */
  public String toText() {
    return ComparisonText.of(this);
  }

  /**
   * The report for programs: speeds in tokens per second, sizes in bytes, times in seconds. Every
   * row has machine, versions and commit with it, so that rows can be collected.
   *
   * @return one JSON object in one line, without its end
   */
  public String toJson() {
    return ComparisonJson.of(this);
  }

  /**
   * The report to look at: charts with spread and the table, in one file that needs no other.
   *
   * @return an HTML page
   */
  public String toHtml() {
    return ComparisonHtml.of(this);
  }
}

package org.zonda.app;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.zonda.bench.BenchmarkReport;
import org.zonda.bench.device.KernelReport;
import picocli.CommandLine.Option;

/** How a benchmark's report is written. */
final class BenchOutput {

  /** Standard output, as elsewhere. */
  private static final String STDOUT = "-";

  @Option(
      names = "--json",
      paramLabel = "FILE",
      arity = "0..1",
      fallbackValue = STDOUT,
      order = 31,
      description =
          "Print one JSON object with every measurement instead of the table, or write it to a"
              + " file.")
  private String json;

  @Option(
      names = "--markdown",
      paramLabel = "FILE",
      arity = "0..1",
      fallbackValue = STDOUT,
      order = 32,
      description = "The same as a table in Markdown.")
  private String markdown;

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      arity = "0..1",
      fallbackValue = STDOUT,
      order = 33,
      description = "The same as comma-separated values, a line for each repetition.")
  private String csv;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      order = 34,
      description = "Write a page with charts too; it needs no other file.")
  private String html;

  /** A file, or standard output, and how the report is written to it. */
  private record Target<T>(String option, String file, Function<T, String> text) {}

  private List<Target<BenchmarkReport>> targets() {
    return given(
        List.of(
            new Target<>("--json", json, report -> report.toJson() + "\n"),
            new Target<>("--markdown", markdown, BenchmarkReport::toMarkdown),
            new Target<>("--csv", csv, BenchmarkReport::toCsv),
            new Target<>("--html", html, BenchmarkReport::toHtml)));
  }

  private static <T> List<Target<T>> given(List<Target<T>> targets) {
    return targets.stream().filter(target -> target.file() != null).toList();
  }

  /** Whether standard output is for a program. */
  boolean printsJson() {
    return STDOUT.equals(json);
  }

  /** Whether standard output is for a person. */
  boolean printsTable() {
    return targets().stream().noneMatch(target -> target.file().equals(STDOUT));
  }

  /** Refuses what cannot be written, before anything is measured. */
  void check(boolean kernels) {
    if (kernels && csv != null) {
      throw new UsageException("--kernels has no rows for --csv; take --json");
    }
    List<String> printed =
        targets().stream()
            .filter(target -> target.file().equals(STDOUT))
            .map(Target::option)
            .toList();
    if (printed.size() > 1) {
      throw new UsageException(
          String.join(" and ", printed)
              + " would both be printed; name a file for all but one, such as "
              + printed.getLast()
              + " FILE");
    }
    for (Target<?> target : targets()) {
      if (!target.file().equals(STDOUT)) {
        ReportFiles.checkWritable(UserPath.of(target.file()));
      }
    }
  }

  /** Writes everything that was asked for; what a person reads last. */
  void write(BenchmarkReport report, Console console) {
    write(targets(), report, console, BenchmarkReport::toText);
  }

  /** The same for kernels, whose table for people is Markdown. */
  void write(KernelReport report, Console console) {
    write(
        given(
            List.of(
                new Target<>("--json", json, kernels -> kernels.toJson() + "\n"),
                new Target<>("--markdown", markdown, KernelReport::toText),
                new Target<>("--html", html, KernelReport::toHtml))),
        report,
        console,
        KernelReport::toText);
  }

  private <T> void write(
      List<Target<T>> targets, T report, Console console, Function<T, String> table) {
    for (Target<T> target : targets) {
      String text = target.text().apply(report);
      if (target.file().equals(STDOUT)) {
        console.out().print(text).flush();
      } else {
        ReportFiles.write(Path.of(target.file()), text);
      }
    }
    if (printsTable()) {
      console.out().print(table.apply(report)).flush();
    }
  }
}

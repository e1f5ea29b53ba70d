package org.zonda.app;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.zonda.bench.BenchmarkProgress;
import org.zonda.bench.JsonNumbers;
import org.zonda.bench.lab.CaseResult;
import org.zonda.bench.lab.CheckOptions;
import org.zonda.bench.lab.CheckReport;
import org.zonda.bench.lab.KernelCatalogue;
import org.zonda.bench.lab.KernelCheck;
import org.zonda.bench.lab.KernelEntry;
import org.zonda.bench.lab.PlaceResult;
import org.zonda.bench.lab.UserKernels;
import org.zonda.model.ZondaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code zonda kernel check}: runs kernels on the simulator and on devices. */
@Command(
    name = "check",
    header = "Checks kernels on the simulator, then on each device.",
    description =
        "%nRuns each over many shapes and hostile inputs, compares it with its oracle, and on the"
            + " simulator reports races, accesses out of bounds, reads of unwritten memory,"
            + " divergent barriers, operations that a backend lacks, and loops without end. The"
            + " exit code is 1 if anything is wrong.",
    synopsisHeading = "%nUsage: ",
    sortOptions = false,
    customSynopsis = {"zonda kernel check [OPTIONS] ID|FILE..."},
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  zonda kernel check matvec.q8_0",
      "  zonda kernel check MyMatvec.java --on simulator",
      "  zonda kernel check kernels.jar --timeout 30",
      "  zonda kernel check all --json"
    })
final class KernelCheckCommand implements Callable<Integer> {

  /** Where kernels can be run. */
  enum Where {
    SIMULATOR,
    DEVICES,
    BOTH
  }

  /** Whose rules the simulator can keep. */
  enum Rules {
    OPENCL,
    CUDA,
    PTX
  }

  private final Console console;

  @Mixin private final CommonOptions common;

  @Parameters(
      paramLabel = "ID|FILE",
      arity = "1..*",
      description =
          "Kernels by their ids, 'all', or .java files and jars with kernels of one's own.")
  private List<String> targets;

  @Option(
      names = "--on",
      paramLabel = "WHERE",
      order = 1,
      description =
          "simulator, devices or both (default: both, the devices only after a simulator that"
              + " found nothing).")
  private Where where = Where.BOTH;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      order = 2,
      description = "How long a launch may take (default: ${DEFAULT-VALUE}).")
  private long timeout = CheckOptions.DEFAULT.timeout().toSeconds();

  @Option(
      names = "--rules",
      paramLabel = "BACKEND",
      order = 3,
      description =
          "Whose rules the simulator keeps: opencl, cuda or ptx (default: opencl, or cuda for"
              + " kernels that need NVIDIA's instructions).")
  private Rules rules;

  @Option(names = "--json", order = 4, description = "Print one JSON object.")
  private boolean json;

  KernelCheckCommand(Console console) {
    this.console = console;
    common = new CommonOptions(console);
  }

  @Override
  public Integer call() {
    CheckOptions options = options();
    List<Object> kernels = new ArrayList<>();
    for (String target : targets) {
      if (KernelShowCommand.isFile(target)) {
        kernels.add(UserKernels.load(UserPath.of(target)));
      } else if (target.equalsIgnoreCase("all")) {
        kernels.addAll(KernelCatalogue.all());
      } else {
        kernels.add(KernelCatalogue.get(target));
      }
    }
    List<CheckReport> reports = new ArrayList<>();
    try (KernelCheck check = new KernelCheck(options, progress())) {
      for (Object kernel : kernels) {
        List<CheckReport> some =
            switch (kernel) {
              case UserKernels own -> check.run(own);
              case KernelEntry entry -> List.of(check.run(entry));
              default -> throw new IllegalStateException();
            };
        reports.addAll(some);
        if (!json) {
          some.forEach(this::print);
        }
      }
    }
    if (json) {
      json(reports);
    }
    return reports.stream().allMatch(CheckReport::passed) ? ExitCode.OK : ExitCode.FAILED;
  }

  private CheckOptions options() {
    try {
      return new CheckOptions(
          where != Where.DEVICES,
          where != Where.SIMULATOR,
          Duration.ofSeconds(timeout),
          Optional.ofNullable(rules).map(backend -> backend.name().toLowerCase(Locale.ROOT)));
    } catch (ZondaException e) {
      throw new UsageException(e.getMessage());
    }
  }

  /** One line that changes, where a person waits. */
  private BenchmarkProgress progress() {
    if (!console.errIsTerminal()) {
      return BenchmarkProgress.none();
    }
    return (step, completed, total) -> {
      String line = completed == total ? "" : step;
      console.err().print("\r\u001b[K" + Printable.line(line)).flush();
    };
  }

  private void print(CheckReport report) {
    Style style = console.outStyle();
    String state = report.passed() ? style.green("right") : style.red("WRONG");
    console
        .out()
        .println(style.bold(report.id()) + "  " + Printable.line(report.kernel()) + "  " + state);
    for (PlaceResult place : report.places()) {
      console.out().println("  " + Printable.line(place.place() + ": " + text(place)));
      for (CaseResult finding : place.findings()) {
        console
            .out()
            .println("    " + Printable.line(finding.message() + " [" + finding.name() + "]"));
      }
    }
  }

  private static String text(PlaceResult place) {
    if (place.skipped().isPresent()) {
      return "not run: " + place.skipped().get();
    }
    String cases =
        "%d of %d cases right".formatted(place.right(), place.cases().size())
            + String.format(Locale.ROOT, ", %.1f s", place.seconds());
    return place
        .worst()
        .map(
            worst ->
                cases
                    + String.format(
                        Locale.ROOT,
                        "; worst error %.1e at %s [%s]",
                        worst.error(),
                        worst.place(),
                        worst.name()))
        .orElse(cases);
  }

  private void json(List<CheckReport> reports) {
    Json.write(
        console.out(),
        out -> {
          out.writeArrayFieldStart("kernels");
          for (CheckReport report : reports) {
            out.writeStartObject();
            out.writeStringField("id", report.id());
            out.writeStringField("kernel", report.kernel());
            out.writeBooleanField("passed", report.passed());
            out.writeArrayFieldStart("places");
            for (PlaceResult place : report.places()) {
              place(out, place);
            }
            out.writeEndArray();
            out.writeEndObject();
          }
          out.writeEndArray();
        });
  }

  private static void place(JsonGenerator json, PlaceResult place) throws IOException {
    json.writeStartObject();
    json.writeStringField("place", place.place());
    json.writeStringField("skipped", place.skipped().orElse(null));
    json.writeNumberField("seconds", place.seconds());
    json.writeArrayFieldStart("cases");
    for (CaseResult result : place.cases()) {
      json.writeStartObject();
      json.writeStringField("name", result.name());
      json.writeStringField("outcome", result.outcome().name().toLowerCase(Locale.ROOT));
      json.writeStringField("message", result.message());
      JsonNumbers.write(json, "error", result.error());
      json.writeStringField("at", result.place());
      JsonNumbers.write(json, "expected", result.expected());
      JsonNumbers.write(json, "found", result.found());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}

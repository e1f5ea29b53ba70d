package org.zonda.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.zonda.model.ZondaException;
import org.zonda.model.gguf.GgufFile;
import org.zonda.model.quantize.FileType;
import org.zonda.model.quantize.QuantizationPlan;
import org.zonda.model.quantize.QuantizationReport;
import org.zonda.model.quantize.Quantizer;
import org.zonda.runtime.Cancellation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code zonda quantize}: writes a model with smaller weights, and says what that costs. */
@Command(
    name = "quantize",
    header = "Writes a model with smaller weights, and says what that costs.",
    description =
        "%nTypes are named as llama.cpp names them, and choose each tensor's format as it does."
            + " From the most accurate to the smallest: F32, BF16, F16, Q8_0, Q6_K, Q5_K_M,"
            + " Q5_K_S, Q5_1, Q5_0, Q4_K_M, Q4_K_S, Q4_1, IQ4_NL, IQ4_XS, Q4_0, MXFP4, MXFP4_MOE,"
            + " Q3_K_L, Q3_K_M, Q3_K_S, Q2_K. 'zonda perplexity --compare' shows what a type costs"
            + " in use.",
    synopsisHeading = "%nUsage: ",
    sortOptions = false,
    customSynopsis = {"zonda quantize [OPTIONS] --type TYPE INPUT OUTPUT"},
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  zonda quantize model-f16.gguf model-q4.gguf --type Q4_K_M",
      "  zonda quantize model-f16.gguf model-q8.gguf --type Q8_0 --verbose",
      "  zonda quantize model-00001-of-00003.gguf small.gguf --type Q4_K_M --dry-run"
    })
final class QuantizeCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private final CommonOptions common;

  @Parameters(
      index = "0",
      paramLabel = "INPUT",
      description = "The model, a GGUF file, any part of a split one; best F32, F16 or BF16.")
  private String input;

  @Parameters(index = "1", paramLabel = "OUTPUT", description = "The GGUF file to write.")
  private String output;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      required = true,
      order = 1,
      description = "What the file is to be, such as Q4_K_M; in any case.")
  private String type;

  @Option(
      names = "--pure",
      order = 2,
      description =
          "Give every matrix the type's own format, without the exceptions for those that deserve"
              + " more bits.")
  private boolean pure;

  @Option(
      names = "--allow-requantize",
      order = 3,
      description =
          "Quantise weights again that are quantised already. Their errors add up: worse than"
              + " quantising the original once.")
  private boolean requantise;

  @Option(names = "--force", order = 4, description = "Replace OUTPUT if it exists.")
  private boolean force;

  @Option(
      names = "--dry-run",
      order = 5,
      description = "Print each tensor's old and new format and size, and write nothing.")
  private boolean dryRun;

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      order = 6,
      description = "Worker threads (default: one a core).")
  private int threads = Math.min(Runtime.getRuntime().availableProcessors(), Quantizer.MAX_THREADS);

  @Option(names = "--json", order = 7, description = "Print one JSON object, with every tensor.")
  private boolean json;

  QuantizeCommand(Console console) {
    this.console = console;
    common = new CommonOptions(console);
  }

  @Override
  public Integer call() {
    if (threads < 1 || threads > Quantizer.MAX_THREADS) {
      throw new UsageException(
          "--threads is " + threads + "; it must be a number from 1 to " + Quantizer.MAX_THREADS);
    }
    FileType fileType = fileType();
    Path target = UserPath.of(output);
    ModelChoice choice = ModelChoice.of(input, console);
    if (!dryRun && !force && Files.exists(target)) {
      throw new ZondaException(target + ": exists already; --force replaces it");
    }
    try (GgufFile source = choice.open()) {
      QuantizationPlan plan = QuantizationPlan.of(source, fileType, pure, requantise);
      warn(plan);
      if (dryRun) {
        show(plan);
        return ExitCode.OK;
      }
      return write(plan, source, target);
    }
  }

  private FileType fileType() {
    try {
      return FileType.parse(type);
    } catch (ZondaException e) {
      throw new UsageException("--type " + e.getMessage());
    }
  }

  private void warn(QuantizationPlan plan) {
    if (plan.isRequantised()) {
      console
          .err()
          .println(
              "weights that are quantised already are quantised again: the errors add up, and the"
                  + " one shown counts from the input, not from the original");
    }
    if (!plan.fallbacks().isEmpty()) {
      console.err().println(console.errStyle().dim(QuantizationText.fallbacks(plan)));
    }
  }

  private void show(QuantizationPlan plan) {
    if (json) {
      QuantizationJson.write(console.out(), plan);
    } else {
      new QuantizationText(console.out(), console.outStyle()).plan(plan);
    }
  }

  private int write(QuantizationPlan plan, GgufFile source, Path target) {
    Cancellation cancellation = new Cancellation();
    QuantizationReport report;
    // The process may end as soon as the interrupt is closed: what is said is said within.
    try (Interrupt _ = Interrupt.cancels(cancellation)) {
      try (ByteBar bar = new ByteBar(console, "quantize")) {
        report =
            Quantizer.write(
                plan, source.paths(), target, force, threads, bar::at, cancellation::isCancelled);
      } catch (CancellationException e) {
        console.err().println("zonda: interrupted; " + target + " was not written");
        return ExitCode.INTERRUPTED;
      }
    }
    if (json) {
      QuantizationJson.write(console.out(), report, target);
    } else {
      new QuantizationText(console.out(), console.outStyle())
          .report(report, target, console.verbose());
    }
    return ExitCode.OK;
  }
}

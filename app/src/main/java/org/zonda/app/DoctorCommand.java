package org.zonda.app;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.zonda.app.device.Check;
import org.zonda.app.device.Checkup;
import org.zonda.runtime.cpu.CpuBackend;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code zonda doctor}: checks whether models can run on this machine's devices. */
@Command(
    name = "doctor",
    header = "Checks whether models can run on this machine's devices, and says what to do.",
    description = {
      "%nLooks at the TornadoVM SDK and the JDK, at the API that Zonda was compiled",
      "against, and runs small kernels on each device. The exit code is 1 if the",
      "backend cannot run."
    },
    synopsisHeading = "%nUsage: ",
    sortOptions = false,
    customSynopsis = {"zonda doctor [OPTIONS]"},
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {"  zonda doctor", "  zonda doctor --backend simulator"})
final class DoctorCommand implements Callable<Integer> {

  /** What can be checked. */
  enum Subject {
    GPU,
    SIMULATOR,
    CPU
  }

  private final Console console;

  @Mixin private final CommonOptions common;

  @Option(
      names = "--backend",
      paramLabel = "WHICH",
      order = 1,
      description = "What to check: gpu, simulator or cpu (default: gpu).")
  private Subject subject = Subject.GPU;

  DoctorCommand(Console console) {
    this.console = console;
    common = new CommonOptions(console);
  }

  @Override
  public Integer call() {
    Checkup checkup = new Checkup(this::print);
    boolean runs =
        switch (subject) {
          case GPU -> checkup.devices(program());
          case SIMULATOR -> checkup.simulator();
          case CPU -> true;
        };
    try (CpuBackend cpu = new CpuBackend(0)) {
      print(new Check("CPU", true, cpu.description()));
    }
    return runs ? ExitCode.OK : ExitCode.FAILED;
  }

  private void print(Check check) {
    Style style = console.outStyle();
    String state = check.ok() ? style.green("ok     ") : style.red("problem");
    console
        .out()
        .println(
            String.format(Locale.ROOT, "%-10s ", check.name())
                + state
                + "  "
                + Printable.line(check.detail()));
  }

  /** Where Zonda's classes are: the jar. */
  private static Path program() {
    try {
      return Path.of(
          DoctorCommand.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}

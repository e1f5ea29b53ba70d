package org.zonda.app;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code zonda kernel}: the kernel lab. */
@Command(
    name = "kernel",
    header = "The kernel lab: shows, checks and times kernels, Zonda's and one's own.",
    description =
        "%nOne's own kernel is a method in a .java file or a jar that has the annotation"
            + " @Kernel(\"ID\"); ID is the kernel that it stands for. 'zonda kernel show ID"
            + " --template' prints a file to begin with.",
    synopsisHeading = "%nUsage: ",
    sortOptions = false,
    customSynopsis = {"zonda kernel COMMAND [OPTIONS]"},
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  zonda kernel list",
      "  zonda kernel show matvec.q8_0",
      "  zonda kernel show matvec.q8_0 --template > MyMatvec.java",
      "  zonda kernel check MyMatvec.java",
      "  zonda kernel bench MyMatvec.java --backend gpu"
    })
final class KernelCommand implements Runnable {

  @Mixin private final CommonOptions common;

  @Spec private CommandSpec spec;

  private KernelCommand(Console console) {
    common = new CommonOptions(console);
  }

  /** The command with those below it. */
  static CommandLine parser(Console console) {
    return new CommandLine(new KernelCommand(console))
        .addSubcommand("list", new KernelListCommand(console))
        .addSubcommand("show", new KernelShowCommand(console))
        .addSubcommand("check", new KernelCheckCommand(console))
        .addSubcommand("bench", new KernelBenchCommand(console));
  }

  @Override
  public void run() {
    // As zonda itself does, through the buffer of the outermost command.
    spec.root().commandLine().getOut().print(spec.commandLine().getUsageMessage());
  }
}

package org.zonda.app;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every command understands. */
final class CommonOptions {

  private final Console console;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      order = 100,
      description = "Show this help.")
  private boolean help;

  CommonOptions(Console console) {
    this.console = console;
  }

  @Option(
      names = "--verbose",
      order = 101,
      description = "Log what happens, and show the stack trace of a failure.")
  private void verbose(boolean verbose) {
    console.verbose(verbose);
  }

  @Option(
      names = "--color",
      paramLabel = "WHEN",
      order = 102,
      description =
          "Use colours: auto, always or never. auto: on a terminal, unless NO_COLOR is set.")
  private void colour(Console.Colour colour) {
    console.colour(colour);
    command.root().commandLine().setColorScheme(Commands.colours(console));
  }
}

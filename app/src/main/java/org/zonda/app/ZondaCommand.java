package org.zonda.app;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code zonda} itself: shows the help. */
@Command(
    name = "zonda",
    versionProvider = Version.class,
    header = "Runs open language models (GGUF) from Java.",
    synopsisHeading = "%nUsage: ",
    sortOptions = false,
    customSynopsis = {"zonda COMMAND [OPTIONS]"},
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  zonda run \"Once upon a time\"",
      "  zonda chat",
      "  zonda run -m model.gguf --temp 0 -n 100 \"The llama is\"",
      "  zonda inspect model.gguf",
      "",
      "Where no model is named, ZONDA_MODEL names it; else the small story model inside",
      "the program answers. 'zonda COMMAND --help' shows a command's options.",
      "",
      "Exit codes: 0 done; 1 the model, the input or the machine does not allow it;",
      "2 wrong usage; 70 a fault of the program; 130 interrupted; 141 the output's",
      "reader went away."
    })
final class ZondaCommand implements Runnable {

  @Mixin private final CommonOptions common;

  @Spec private CommandSpec spec;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      order = 103,
      description = "Show the version, and the Java it runs on.")
  private boolean version;

  ZondaCommand(Console console) {
    common = new CommonOptions(console);
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}

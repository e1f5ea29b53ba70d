package org.zonda.app;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code zonda lora}: what is done with adapters themselves. */
@Command(
    name = "lora",
    header = "Shows LoRA adapters, and merges them into models.",
    description = "%nTo run a model with adapters, name them to the command that runs it: --lora.",
    synopsisHeading = "%nUsage: ",
    sortOptions = false,
    customSynopsis = {"zonda lora COMMAND [OPTIONS]"},
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  zonda lora show -m base.gguf adapter.gguf",
      "  zonda lora merge -m base.gguf --lora adapter.gguf:0.8 merged.gguf",
      "  zonda run -m base.gguf --lora adapter.gguf:0.8 \"Once upon a time\""
    })
final class LoraCommand implements Runnable {

  @Mixin private final CommonOptions common;

  @Spec private CommandSpec spec;

  private LoraCommand(Console console) {
    common = new CommonOptions(console);
  }

  /** The command with those below it. */
  static CommandLine parser(Console console) {
    return new CommandLine(new LoraCommand(console))
        .addSubcommand("show", new LoraShowCommand(console))
        .addSubcommand("merge", new LoraMergeCommand(console));
  }

  @Override
  public void run() {
    // As zonda itself does, through the buffer of the outermost command.
    spec.root().commandLine().getOut().print(spec.commandLine().getUsageMessage());
  }
}

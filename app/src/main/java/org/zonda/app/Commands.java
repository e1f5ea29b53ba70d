package org.zonda.app;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;

/** The list of commands, and the parser for them. */
final class Commands {

  private static final Map<String, Function<Console, Object>> ALL = new LinkedHashMap<>();

  static {
    ALL.put("run", RunCommand::new);
    ALL.put("chat", ChatCommand::new);
    ALL.put("inspect", InspectCommand::new);
    ALL.put("tokenize", TokenizeCommand::new);
    ALL.put("detokenize", DetokenizeCommand::new);
    ALL.put("logits", LogitsCommand::new);
    ALL.put("embed", EmbedCommand::new);
    ALL.put("quantize", QuantizeCommand::new);
    ALL.put("perplexity", PerplexityCommand::new);
    ALL.put("render", RenderCommand::new);
    ALL.put("bench", BenchCommand::new);
    ALL.put("compare", CompareCommand::new);
    ALL.put("lora", LoraCommand::parser);
    ALL.put("kernel", KernelCommand::parser);
    ALL.put("devices", DevicesCommand::new);
    ALL.put("doctor", DoctorCommand::new);
  }

  private Commands() {}

  /** Parses and runs a command line. */
  static int execute(Console console, String... arguments) {
    // Help and version go through a buffer: picocli has its own way with a failing output.
    StringWriter help = new StringWriter();
    try {
      CommandLine parser = parser(console, arguments).setOut(new PrintWriter(help));
      int code = parser.execute(arguments);
      console.out().print(help.toString()).flush();
      return code;
    } catch (RuntimeException | Error e) {
      return new Failures(console).handle(e);
    }
  }

  /**
   * The parser. Reading the annotations of all commands takes longer than reading one's, so where
   * the first argument names a command, only that one is there.
   */
  static CommandLine parser(Console console, String... arguments) {
    CommandLine zonda = new CommandLine(new ZondaCommand(console));
    Function<Console, Object> named = arguments.length > 0 ? ALL.get(arguments[0]) : null;
    if (named != null) {
      zonda.addSubcommand(arguments[0], named.apply(console));
    } else {
      ALL.forEach((name, command) -> zonda.addSubcommand(name, command.apply(console)));
      zonda.addSubcommand(new CommandLine.HelpCommand());
    }
    Failures failures = new Failures(console);
    return zonda
        .setColorScheme(colours(console))
        .setExpandAtFiles(false)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(80)
        .setParameterExceptionHandler(failures)
        .setExecutionExceptionHandler(failures);
  }

  /** All commands, in the order in which help shows them. */
  static Set<String> names() {
    return Collections.unmodifiableSet(ALL.keySet());
  }

  /** The commands that a mistyped one may have meant. */
  static List<String> similar(String word) {
    return ALL.keySet().stream().filter(name -> Similarity.similar(name, word)).toList();
  }

  static Help.ColorScheme colours(Console console) {
    return Help.defaultColorScheme(console.outStyle() == Style.COLOURED ? Ansi.ON : Ansi.OFF);
  }
}

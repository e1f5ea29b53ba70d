package org.zonda.app;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.zonda.model.ZondaException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns every failure into one line on standard error and an exit code. */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {

  private final Console console;

  Failures(Console console) {
    this.console = console;
  }

  @Override
  public int handleParseException(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    String message = firstLine(e.getMessage());
    if (e instanceof UnmatchedArgumentException unmatched) {
      message = unmatched(unmatched, message);
    }
    return usage(command, message, e);
  }

  private static String unmatched(UnmatchedArgumentException e, String message) {
    String word = e.getUnmatched().getFirst();
    boolean command = !e.isUnknownOption() && e.getCommandLine().getParent() == null;
    List<String> suggestions =
        command ? Commands.similar(word) : word.startsWith("--") ? e.getSuggestions() : List.of();
    return (command ? "there is no command '" + word + "'" : message)
        + (suggestions.isEmpty() ? "" : "; did you mean " + String.join(" or ", suggestions) + "?");
  }

  private int usage(CommandLine command, String message, Exception e) {
    String name = command.getCommandSpec().qualifiedName();
    report(name + ": " + message + " (see " + name + " --help)", e);
    return ExitCode.USAGE;
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult result) {
    if (e instanceof UsageException) {
      return usage(command, e.getMessage(), e);
    }
    return handle(e);
  }

  /** Reports a failure of whatever kind. */
  int handle(Throwable failure) {
    return switch (failure) {
      case OutputClosedException _ -> ExitCode.OUTPUT_CLOSED;
      case ZondaException e -> {
        report("zonda: " + e.getMessage(), e);
        yield e instanceof UsageException ? ExitCode.USAGE : ExitCode.FAILED;
      }
      case OutOfMemoryError e -> {
        report(
            "zonda: out of memory ("
                + e.getMessage()
                + "): a shorter context (-c), an F16 cache (--cache-type f16) or a smaller model"
                + " needs less; ZONDA_JAVA_OPTS=-Xmx8g gives Java more",
            e);
        yield ExitCode.FAILED;
      }
      default -> {
        report(
            "zonda: a fault of the program itself, please report it: "
                + failure
                + (console.verbose() ? "" : " (--verbose shows where)"),
            failure);
        yield ExitCode.BUG;
      }
    };
  }

  private void report(String message, Throwable failure) {
    console.err().endLine();
    console.err().println(console.errStyle().red(Printable.line(message)));
    if (console.verbose()) {
      StringWriter trace = new StringWriter();
      failure.printStackTrace(new PrintWriter(trace));
      console.err().print(trace.toString()).flush();
    }
  }

  private static String firstLine(String message) {
    String line = message.lines().findFirst().orElse("");
    return line.isEmpty() ? line : Character.toLowerCase(line.charAt(0)) + line.substring(1);
  }
}

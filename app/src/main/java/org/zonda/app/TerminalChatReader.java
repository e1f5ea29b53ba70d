package org.zonda.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jline.reader.EOFError;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.reader.impl.completer.StringsCompleter;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.Terminal.SignalHandler;
import org.jline.terminal.TerminalBuilder;
import org.zonda.model.ZondaException;

/** Reads messages from a person at a terminal: editing, history, completion of commands. */
final class TerminalChatReader implements ChatReader {

  private static final String HISTORY = "chat_history";

  private final Console console;
  private final Terminal terminal;
  private final LineReader reader;
  private final String prompt;

  /**
   * Takes the terminal over until {@link #close}.
   *
   * @param console has the colours and the directory of the history
   * @param words completed with the tab key at the beginning of a line
   */
  TerminalChatReader(Console console, List<String> words) {
    this.console = console;
    prompt = console.outStyle().green("> ");
    try {
      terminal = TerminalBuilder.builder().system(true).encoding(StandardCharsets.UTF_8).build();
    } catch (IOException e) {
      throw new ZondaException("the terminal cannot be used: " + e.getMessage(), e);
    }
    LineReaderBuilder builder =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("zonda")
            .parser(new MessageParser())
            .completer(new StringsCompleter(words))
            .variable(LineReader.SECONDARY_PROMPT_PATTERN, console.outStyle().dim(". "))
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .option(LineReader.Option.HISTORY_IGNORE_SPACE, true);
    historyFile().ifPresent(file -> builder.variable(LineReader.HISTORY_FILE, file));
    reader = builder.build();
  }

  @Override
  public Optional<String> read() {
    while (true) {
      try {
        return Optional.of(MessageLines.message(reader.readLine(prompt)));
      } catch (UserInterruptException e) {
        if (e.getPartialLine().isEmpty()) {
          console.out().println(console.outStyle().dim("Ctrl-D or /exit leaves."));
        }
      } catch (EndOfFileException e) {
        return Optional.empty();
      }
    }
  }

  @Override
  public void answering(Runnable answer, Runnable onInterrupt) {
    SignalHandler before = terminal.handle(Signal.INT, _ -> onInterrupt.run());
    // What is typed meanwhile belongs to the next message; it must not stand in the answer.
    boolean echo = terminal.echo(false);
    try {
      answer.run();
    } finally {
      terminal.echo(echo);
      terminal.handle(Signal.INT, before);
    }
  }

  @Override
  public void close() {
    try {
      terminal.close();
    } catch (IOException e) {
      throw new ZondaException("the terminal cannot be given back: " + e.getMessage(), e);
    }
  }

  /** Empty where there can be none: the history is then forgotten at the end. */
  private Optional<Path> historyFile() {
    Path directory = console.stateDirectory();
    try {
      Files.createDirectories(directory);
      Path file = directory.resolve(HISTORY);
      if (Files.notExists(file)) {
        Files.createFile(file);
        // What people say to a model is nobody else's business.
        file.toFile().setReadable(false, false);
        file.toFile().setReadable(true, true);
      }
      return Files.isWritable(file) ? Optional.of(file) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Words are what spaces separate, and a message that is not complete asks for another line. */
  private static final class MessageParser extends DefaultParser {

    MessageParser() {
      setQuoteChars(new char[0]);
      setEscapeChars(new char[0]);
    }

    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
      if (context == ParseContext.ACCEPT_LINE && !MessageLines.complete(line)) {
        throw new EOFError(-1, cursor, "the message goes on");
      }
      return super.parse(line, cursor, context);
    }
  }
}

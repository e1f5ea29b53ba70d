package org.zonda.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.zonda.model.ZondaException;
import org.zonda.model.chat.ChatMessage;
import org.zonda.runtime.Cancellation;
import org.zonda.runtime.Chat;
import org.zonda.runtime.FinishReason;
import org.zonda.runtime.GenerationResult;
import org.zonda.runtime.LanguageModel;
import org.zonda.runtime.Timings;

/** Does what each line of a chat asks for. */
final class ChatSession {

  private final Console console;
  private final LanguageModel model;
  private final Chat chat;
  private final ChatReader reader;
  private final Set<Path> saved = new HashSet<>();
  private Timings last;
  private Timings total;
  private boolean failed;

  ChatSession(Console console, LanguageModel model, Chat chat, ChatReader reader) {
    this.console = console;
    this.model = model;
    this.chat = chat;
    this.reader = reader;
  }

  /**
   * Answers a message or does what a command says. What fails is reported, and the chat goes on.
   *
   * @param typed a message; a command begins with a slash, a message that shall with two
   * @return false to leave
   */
  boolean handle(String typed) {
    try {
      if (typed.startsWith("/") && !typed.startsWith("//")) {
        return act(typed);
      }
      String message = typed.startsWith("//") ? typed.substring(1) : typed;
      if (!message.isBlank()) {
        answer((onText, cancellation) -> chat.send(message, onText, cancellation));
      }
    } catch (ZondaException e) {
      failed = true;
      console.out().endLine();
      console.err().println(console.errStyle().red(Printable.line(e.getMessage())));
    }
    return true;
  }

  /** Whether anything failed. */
  boolean failed() {
    return failed;
  }

  /** The statistics of all answers; empty where there were none. */
  Optional<String> statistics() {
    return Optional.ofNullable(total).map(Statistics::line);
  }

  private boolean act(String typed) {
    int space = typed.indexOf(' ');
    String word = space < 0 ? typed : typed.substring(0, space);
    String argument = space < 0 ? "" : typed.substring(space + 1).strip();
    ChatAction action = ChatAction.find(word).orElseThrow(() -> unknown(word));
    switch (action) {
      case HELP -> help();
      case SYSTEM -> {
        chat.system(argument);
        say(argument.isEmpty() ? "no system message" : "the system message is set");
      }
      case RETRY -> answer(chat::regenerate);
      case RESET -> {
        chat.reset();
        say("the conversation is forgotten");
      }
      case SET -> set(argument);
      case SAVE -> save(argument);
      case STATS -> say(last == null ? "no answer yet" : Statistics.line(last));
      case EXIT -> {
        return false;
      }
    }
    return true;
  }

  private void answer(BiFunction<Consumer<String>, Cancellation, GenerationResult> generation) {
    Cancellation cancellation = new Cancellation();
    reader.answering(
        () -> {
          GenerationResult result = generation.apply(this::print, cancellation);
          console.out().endLine();
          account(result.timings());
          note(result);
        },
        cancellation::cancel);
  }

  private void print(String text) {
    console.out().print(console.outIsTerminal() ? Printable.text(text) : text).flush();
  }

  private void note(GenerationResult result) {
    if (result.forgottenMessages() > 0) {
      say(
          "the context of %d tokens was full: the oldest %d messages were forgotten"
              .formatted(model.contextLength(), result.forgottenMessages()));
    }
    if (result.finishReason() == FinishReason.MAX_TOKENS) {
      say("cut after %d tokens; /set tokens=N allows more".formatted(result.tokens().size()));
    } else if (result.finishReason() == FinishReason.CONTEXT_FULL) {
      say("the context of %d tokens is full".formatted(model.contextLength()));
    } else if (result.finishReason() == FinishReason.CANCELLED) {
      say("stopped");
    }
  }

  private void account(Timings timings) {
    last = timings;
    total = total == null ? timings : sum(total, timings);
  }

  /** Load and first token stay those of the first answer. */
  private static Timings sum(Timings a, Timings b) {
    Duration prefill = a.prefill().plus(b.prefill());
    Duration decode = a.decode().plus(b.decode());
    return new Timings(
        a.load(),
        a.timeToFirstToken(),
        a.prefillTokens() + b.prefillTokens(),
        prefill,
        a.decodeTokens() + b.decodeTokens(),
        decode);
  }

  private void help() {
    for (ChatAction action : ChatAction.values()) {
      console.out().print(action.help() + "\n");
    }
    console.out().print("A message that begins with a slash is written with two. A backslash at\n");
    console
        .out()
        .print("the end of a line continues it; \"\"\" begins and ends a block of lines.\n");
    console.out().flush();
  }

  private void set(String argument) {
    if (!argument.isEmpty()) {
      chat.options(ChatSettings.apply(argument, chat.options()));
    }
    say(ChatSettings.show(chat.options()));
  }

  private void save(String argument) {
    if (argument.isEmpty()) {
      throw new ZondaException("/save needs the name of a file");
    }
    Path file = UserPath.of(argument);
    // A file of the user's is not lost to a slip; one of this chat's may be brought up to date.
    boolean own = saved.contains(file);
    OpenOption create = own ? StandardOpenOption.TRUNCATE_EXISTING : StandardOpenOption.CREATE_NEW;
    try (Output out = new Output(Files.newOutputStream(file, StandardOpenOption.WRITE, create))) {
      saved.add(file);
      write(out, argument.endsWith(".json"));
    } catch (IOException e) {
      throw new ZondaException(file + ": cannot be written: " + UserPath.reason(e), e);
    }
    say(chat.messages().size() + " messages are in " + file);
  }

  private void write(Output out, boolean json) {
    if (json) {
      ChatJson.write(out, chat.messages());
      return;
    }
    for (ChatMessage message : chat.messages()) {
      out.print(message.role() + ": " + message.content() + "\n\n");
    }
  }

  private static ZondaException unknown(String word) {
    return new ZondaException(
        "there is no command %s; %s"
            .formatted(
                word,
                ChatAction.similar(word)
                    .map(action -> "did you mean " + action.word() + "? /help lists all")
                    .orElse("a message that begins with / is written with //")));
  }

  private void say(String text) {
    console.err().println(console.errStyle().dim(Printable.line(text)));
  }
}

package org.zonda.app;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.zonda.model.chat.ChatFormats;
import org.zonda.runtime.Chat;
import org.zonda.runtime.ContextPolicy;
import org.zonda.runtime.GenerationOptions;
import org.zonda.runtime.LanguageModel;
import org.zonda.runtime.LoadOptions;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code zonda chat}: a conversation. */
@Command(
    name = "chat",
    header = "Talks with a model.",
    description =
        "%nAt a terminal there are editing, a history and completion, and Ctrl-C stops an answer;"
            + " from a pipe, each line is a message.",
    synopsisHeading = "%nUsage: ",
    sortOptions = false,
    customSynopsis = {"zonda chat [OPTIONS]"},
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  zonda chat",
      "  zonda chat -m model.gguf --temp 0.6 --system \"You answer in one sentence.\"",
      "  zonda chat -m vicuna-7b.gguf --chat-format vicuna",
      "  echo \"Tell me a story about a cat.\" | zonda chat",
      "",
      "Within the chat, /help lists the commands. A backslash at the end of a line",
      "continues the message on the next; \"\"\" begins a block of lines that ends with",
      "\"\"\"."
    })
final class ChatCommand implements Callable<Integer> {

  private static final int ANSWER_TOKENS = 1024;

  private final Console console;

  @Mixin private final CommonOptions common;

  @Mixin private final ModelOption model = new ModelOption();

  @Option(
      names = "--system",
      paramLabel = "TEXT",
      order = 2,
      description = "What the model is told before the conversation.")
  private String system = "";

  @Mixin private final ChatFormatOption formats = new ChatFormatOption();

  @Option(
      names = {"-q", "--quiet"},
      order = 7,
      description = "Print no model and no statistics on standard error.")
  private boolean quiet;

  @ArgGroup(validate = false, order = 1, heading = "%nLoading:%n")
  private LoadingOptions loading = new LoadingOptions();

  @ArgGroup(validate = false, order = 2, heading = "%nDevice:%n")
  private PlacingOptions placing = new PlacingOptions();

  @ArgGroup(validate = false, order = 3, heading = "%nGeneration:%n")
  private SamplingOptions sampling = new SamplingOptions();

  ChatCommand(Console console) {
    this.console = console;
    common = new CommonOptions(console);
  }

  @Override
  public Integer call() {
    if (formats.list(console.out())) {
      return ExitCode.OK;
    }
    formats.check();
    GenerationOptions options =
        sampling.applyTo(
            GenerationOptions.builder()
                .maxTokens(ANSWER_TOKENS)
                .contextPolicy(ContextPolicy.SHIFT)
                .build());
    LoadOptions load = placing.applyTo(loading.toLoadOptions());
    ModelChoice choice = model.choose(console);
    if (placing.planOnly()) {
      return Planning.show(console, choice, load, false);
    }
    try (LanguageModel languageModel = choice.load(load, console);
        Chat chat = languageModel.chat(options);
        ChatReader reader = reader()) {
      ChatSession session = new ChatSession(console, languageModel, chat, reader);
      ChatFormats.Choice format = formats.choose(languageModel.source());
      chat.format(format.format());
      if (!system.isEmpty()) {
        chat.system(system);
      }
      if (!quiet) {
        Style style = console.errStyle();
        Announcement.print(console, languageModel, choice);
        console.err().println(style.dim(Printable.line("chat format: " + format.reason())));
        if (reader instanceof TerminalChatReader) {
          console.err().println(style.dim("/help shows the commands, Ctrl-D leaves"));
        }
      }
      talk(session, reader);
      if (!quiet) {
        session.statistics().ifPresent(line -> console.err().println(console.errStyle().dim(line)));
      }
      // A person has seen what failed; a script sees the code.
      return session.failed() && !console.inIsTerminal() ? ExitCode.FAILED : ExitCode.OK;
    }
  }

  private static void talk(ChatSession session, ChatReader reader) {
    Optional<String> message = reader.read();
    while (message.isPresent() && session.handle(message.get())) {
      message = reader.read();
    }
  }

  private ChatReader reader() {
    List<String> commands = ChatAction.words();
    return console.inIsTerminal() && console.outIsTerminal()
        ? new TerminalChatReader(console, commands)
        : new PipedChatReader(console);
  }
}

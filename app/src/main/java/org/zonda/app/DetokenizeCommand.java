package org.zonda.app;

import java.util.List;
import org.zonda.model.ModelSource;
import org.zonda.model.tokenizer.Tokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code zonda detokenize}: turns token ids into text. */
@Command(
    name = "detokenize",
    header = "Turns token ids into text.",
    synopsisHeading = "%nUsage: ",
    sortOptions = false,
    customSynopsis = {"zonda detokenize [OPTIONS] [IDS]"},
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  zonda detokenize 1,403,407",
      "  zonda tokenize --ids \"Once upon a time\" | zonda detokenize",
      "  zonda detokenize -m model.gguf --json \"[15043, 29889]\""
    })
final class DetokenizeCommand implements Runnable {

  private final Console console;

  @Mixin private final CommonOptions common;

  @Parameters(
      paramLabel = "IDS",
      arity = "0..*",
      description = "Token ids, with commas or spaces between; - reads them from standard input.")
  private List<String> words;

  @Mixin private final TextInput input = new TextInput();

  @Mixin private final ModelOption model = new ModelOption();

  @Option(names = "--json", order = 2, description = "Print one JSON object: text and pieces.")
  private boolean json;

  DetokenizeCommand(Console console) {
    this.console = console;
    common = new CommonOptions(console);
  }

  @Override
  public void run() {
    ModelChoice choice = model.choose(console);
    int[] tokens = TokenIds.parse(input.read(words, "list of token ids", console));
    try (ModelSource source = choice.open()) {
      Tokenizer tokenizer = choice.tokenizer(source, console);
      TokenIds.check(tokens, tokenizer, source.label());
      String text = tokenizer.decode(tokens);
      if (json) {
        TokensJson.write(console.out(), tokenizer, tokens, text);
      } else {
        console.out().println(console.outIsTerminal() ? Printable.text(text) : text);
      }
    }
  }
}

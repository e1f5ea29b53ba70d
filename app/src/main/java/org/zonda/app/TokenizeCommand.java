package org.zonda.app;

import java.util.List;
import org.zonda.model.ModelSource;
import org.zonda.model.tokenizer.Tokenizer;
import org.zonda.model.tokenizer.Tokenizer.Specials;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code zonda tokenize}: shows a text's tokens. */
@Command(
    name = "tokenize",
    header = "Shows the tokens of a text: ids and pieces of the vocabulary.",
    synopsisHeading = "%nUsage: ",
    sortOptions = false,
    customSynopsis = {"zonda tokenize [OPTIONS] [TEXT]"},
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  zonda tokenize \"Once upon a time\"",
      "  zonda tokenize -m model.gguf --ids -f letter.txt",
      "  zonda tokenize -m model.gguf --json --no-bos \"<|im_end|>\""
    })
final class TokenizeCommand implements Runnable {

  private final Console console;

  @Mixin private final CommonOptions common;

  @Parameters(
      paramLabel = "TEXT",
      arity = "0..*",
      description = "The text; - reads it from standard input.")
  private List<String> words;

  @Mixin private final TextInput input = new TextInput();

  @Mixin private final ModelOption model = new ModelOption();

  @Option(
      names = "--no-bos",
      order = 2,
      description = "Leave out the tokens that the model wants around a prompt, such as BOS.")
  private boolean noBos;

  @Option(
      names = "--no-special",
      order = 3,
      description = "Read names of special tokens in the text as plain text.")
  private boolean noSpecial;

  @Option(names = "--ids", order = 4, description = "Print the ids alone, with commas.")
  private boolean idsOnly;

  @Option(names = "--json", order = 5, description = "Print one JSON object: tokens and pieces.")
  private boolean json;

  TokenizeCommand(Console console) {
    this.console = console;
    common = new CommonOptions(console);
  }

  @Override
  public void run() {
    ModelChoice choice = model.choose(console);
    String text = input.read(words, "text", console);
    try (ModelSource source = choice.open()) {
      Tokenizer tokenizer = choice.tokenizer(source, console);
      Specials specials = noSpecial ? Specials.PLAIN : Specials.PARSED;
      int[] tokens =
          noBos ? tokenizer.encode(text, specials) : tokenizer.encodePrompt(text, specials);
      if (json) {
        TokensJson.write(console.out(), tokenizer, tokens, text);
      } else if (idsOnly) {
        console.out().println(TokenIds.join(tokens));
      } else {
        list(tokenizer, tokens);
      }
    }
  }

  private void list(Tokenizer tokenizer, int[] tokens) {
    int width = Integer.toString(tokenizer.vocabularySize()).length();
    for (int token : tokens) {
      console.out().printf("%" + width + "d  %s%n", token, Pieces.show(tokenizer, token));
    }
    console.out().println(tokens.length == 1 ? "1 token" : tokens.length + " tokens");
  }
}

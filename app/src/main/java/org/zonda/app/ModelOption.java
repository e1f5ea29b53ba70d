package org.zonda.app;

import picocli.CommandLine.Option;

/** Which model. */
final class ModelOption {

  @Option(
      names = {"-m", "--model"},
      paramLabel = "FILE",
      order = 1,
      description =
          "The model, a GGUF file. Without it: what ZONDA_MODEL names, else the small story model"
              + " inside the program.")
  private String model;

  @Option(
      names = "--pre-tokenizer",
      paramLabel = "NAME",
      order = 1,
      description =
          "Cut words as this pre-tokenizer does, where the model's own is unknown or wrong, such as"
              + " default; a wrong name lists the known ones.")
  private String preTokenizer;

  boolean named() {
    return model != null;
  }

  ModelChoice choose(Console console) {
    return ModelChoice.of(model, console).withPreTokenizer(preTokenizer);
  }

  /** For commands that read no text. */
  ModelChoice chooseWithoutText(Console console) {
    if (preTokenizer != null) {
      throw new UsageException("no text is read here; leave out --pre-tokenizer");
    }
    return choose(console);
  }
}

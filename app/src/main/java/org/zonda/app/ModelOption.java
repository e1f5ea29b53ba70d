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

  boolean named() {
    return model != null;
  }

  ModelChoice choose(Console console) {
    return ModelChoice.of(model, console);
  }
}

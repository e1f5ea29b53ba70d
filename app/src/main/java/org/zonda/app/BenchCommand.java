package org.zonda.app;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code zonda bench}: how fast a model is here. */
@Command(name = "bench", description = "Measures prompt processing and generation.")
final class BenchCommand implements Runnable {

  @Mixin private final CommonOptions common;

  BenchCommand(Console console) {
    common = new CommonOptions(console);
  }

  @Override
  public void run() {}
}

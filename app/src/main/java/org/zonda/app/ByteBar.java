package org.zonda.app;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.zonda.runtime.backend.Progress;

/** A progress bar of bytes, where a person waits. It appears with the first. */
final class ByteBar implements Progress, AutoCloseable {

  private final Console console;
  private final String task;
  private final OutputStream out;
  private ProgressBar bar;

  ByteBar(Console console, String task) {
    this(console, task, System.err);
  }

  ByteBar(Console console, String task, OutputStream out) {
    this.console = console;
    this.task = task;
    this.out = out;
  }

  @Override
  public void at(long done, long total) {
    if (!console.errIsTerminal()) {
      return;
    }
    if (bar == null) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setInitialMax(total)
              .setUnit(" MiB", 1 << 20)
              .setStyle(ProgressBarStyle.ASCII)
              .setConsumer(
                  new ConsoleProgressBarConsumer(
                      new PrintStream(out, true, StandardCharsets.UTF_8)))
              .clearDisplayOnFinish()
              .build();
    }
    bar.stepTo(done);
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}

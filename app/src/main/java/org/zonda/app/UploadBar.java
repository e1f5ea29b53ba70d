package org.zonda.app;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.zonda.runtime.backend.Progress;

/** A progress bar while weights are moved, where a person waits. It appears with the first. */
final class UploadBar implements Progress, AutoCloseable {

  private final Console console;
  private final OutputStream out;
  private final String task;
  private ProgressBar bar;

  UploadBar(Console console) {
    this(console, "upload");
  }

  /** For another task than an upload. */
  UploadBar(Console console, String task) {
    this(console, System.err, task);
  }

  UploadBar(Console console, OutputStream out) {
    this(console, out, "upload");
  }

  private UploadBar(Console console, OutputStream out, String task) {
    this.console = console;
    this.out = out;
    this.task = task;
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

package org.zonda.app;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.zonda.runtime.backend.Progress;

/** A progress bar while weights are uploaded, where a person waits. It appears with the first. */
final class UploadBar implements Progress, AutoCloseable {

  private final Console console;
  private final OutputStream out;
  private ProgressBar bar;

  UploadBar(Console console) {
    this(console, System.err);
  }

  UploadBar(Console console, OutputStream out) {
    this.console = console;
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
              .setTaskName("upload")
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

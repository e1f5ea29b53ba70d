package org.zonda.app;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.zonda.runtime.backend.Progress;

/** A progress bar while weights are uploaded, where a person waits. It appears with the first. */
final class UploadBar implements Progress, AutoCloseable {

  private final Console console;
  private ProgressBar bar;

  UploadBar(Console console) {
    this.console = console;
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
              .setConsumer(new ConsoleProgressBarConsumer(System.err))
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

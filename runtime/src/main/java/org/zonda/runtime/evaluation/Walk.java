package org.zonda.runtime.evaluation;

import java.time.Duration;
import org.zonda.runtime.Cancellation;

/** Goes through all windows in passes, and knows how far it has come. */
final class Walk {

  /** What is done with a window. Positions before {@code to} were all passed on once. */
  interface Scorer {
    /** A new window begins. */
    void begin();

    /** Reads on to a position; nothing there is scored. */
    void skip(Window window, int to);

    /** Reads on from a position to another; after each a token is scored. */
    void score(Window window, int from, int to);
  }

  private final Windows windows;
  private final int batchSize;
  private final int rows;
  private final Cancellation cancellation;
  private int done;
  private long read;
  private long nanos;

  /**
   * Prepares.
   *
   * @param batchSize tokens that one pass takes
   * @param rows tokens that one pass takes where each is scored
   */
  Walk(Windows windows, int batchSize, int rows, Cancellation cancellation) {
    this.windows = windows;
    this.batchSize = batchSize;
    this.rows = rows;
    this.cancellation = cancellation;
  }

  /** Goes to the end, or as far as it may. */
  void run(Scorer scorer, Runnable afterWindow) {
    long start = System.nanoTime();
    while (done < windows.count()) {
      boolean whole = read(windows.get(done), scorer);
      nanos = System.nanoTime() - start;
      if (!whole) {
        return;
      }
      done++;
      afterWindow.run();
    }
  }

  private boolean read(Window window, Scorer scorer) {
    scorer.begin();
    int firstScored = window.scored() - 1;
    int last = window.tokens().length - 1; // nothing is known of what comes after it
    for (int from = 0; from < last; ) {
      if (cancellation.isCancelled() || Thread.currentThread().isInterrupted()) {
        return false;
      }
      int to;
      if (from < firstScored) {
        to = Math.min(firstScored, from + batchSize);
        scorer.skip(window, to);
      } else {
        to = Math.min(last, from + rows);
        scorer.score(window, from, to);
      }
      read += to - from;
      from = to;
    }
    return true;
  }

  PerplexityResult result(Score score) {
    return score.result(done, windows.count(), read, Duration.ofNanos(nanos));
  }
}

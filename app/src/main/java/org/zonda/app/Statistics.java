package org.zonda.app;

import java.time.Duration;
import java.util.Locale;
import org.zonda.runtime.LanguageModel;
import org.zonda.runtime.Timings;

/** The line that says how long it took. */
final class Statistics {

  private Statistics() {}

  /** With the place that it ran at. */
  static String line(Timings timings, LanguageModel model) {
    return line(timings) + " | " + Printable.line(model.backend());
  }

  static String line(Timings timings) {
    StringBuilder line = new StringBuilder();
    line.append("load ").append(seconds(timings.load()));
    line.append(" | first token ").append(seconds(timings.timeToFirstToken()));
    line.append(" | prefill ").append(timings.prefillTokens()).append(" tokens");
    rate(line, timings.prefillTokens(), timings.prefillTokensPerSecond());
    line.append(" | decode ").append(timings.decodeTokens()).append(" tokens");
    rate(line, timings.decodeTokens(), timings.decodeTokensPerSecond());
    return line.toString();
  }

  static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.2f s", duration.toNanos() * 1e-9);
  }

  /** A rate as people read it: three digits. */
  static String rate(double perSecond) {
    return String.format(Locale.ROOT, perSecond < 100 ? "%.1f" : "%.0f", perSecond);
  }

  private static void rate(StringBuilder line, int tokens, double perSecond) {
    if (tokens > 0 && Double.isFinite(perSecond)) {
      line.append(", ").append(rate(perSecond)).append("/s");
    }
  }
}

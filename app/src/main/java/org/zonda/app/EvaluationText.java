package org.zonda.app;

import java.time.Duration;
import java.util.Locale;
import org.zonda.runtime.LanguageModel;
import org.zonda.runtime.evaluation.AgreementResult;
import org.zonda.runtime.evaluation.AgreementResult.Divergence;
import org.zonda.runtime.evaluation.PerplexityResult;

/** What {@code zonda perplexity} prints for people, while it runs and at the end. */
final class EvaluationText {

  private static final String CLEAR = "\r\u001b[K";

  private final Console console;

  EvaluationText(Console console) {
    this.console = console;
  }

  void progress(PerplexityResult soFar) {
    progress(soFar, "");
  }

  void progress(AgreementResult soFar) {
    progress(soFar.base(), " | KL " + number(soFar.divergence().mean()));
  }

  /** One line that changes, where a person waits; nothing in a script. */
  private void progress(PerplexityResult soFar, String more) {
    if (!console.errIsTerminal()) {
      return;
    }
    Duration left =
        soFar.time().multipliedBy(soFar.allWindows() - soFar.windows()).dividedBy(soFar.windows());
    console
        .err()
        .print(
            CLEAR
                + "window %d/%d | perplexity %s%s | %s tokens/s | %d:%02d left"
                    .formatted(
                        soFar.windows(),
                        soFar.allWindows(),
                        withError(soFar.perplexity(), soFar.perplexityError()),
                        more,
                        Statistics.rate(soFar.tokensPerSecond()),
                        left.toMinutes(),
                        left.toSecondsPart()))
        .flush();
  }

  /** Takes the line away. */
  void clear() {
    if (console.errIsTerminal()) {
      console.err().print(CLEAR).flush();
    }
  }

  void interrupted(PerplexityResult result) {
    console
        .err()
        .println(
            "zonda: interrupted after %d of %d windows; %s"
                .formatted(
                    result.windows(),
                    result.allWindows(),
                    result.tokens() == 0
                        ? "nothing was scored"
                        : "the numbers are of that part alone"));
  }

  void print(LanguageModel model, PerplexityResult result) {
    line("perplexity", withError(result.perplexity(), result.perplexityError()));
    line("bits", bits(result));
    scored(model, result);
  }

  void print(LanguageModel base, AgreementResult result) {
    PerplexityResult first = result.base();
    PerplexityResult second = result.other();
    line("perplexity", withError(first.perplexity(), first.perplexityError()));
    line("", withError(second.perplexity(), second.perplexityError()) + ", compared");
    line("ratio", withError(result.ratio(), result.ratioError()));
    line("bits", bits(first));
    line("", bits(second) + ", compared");
    Divergence divergence = result.divergence();
    line("KL", withError(divergence.mean(), divergence.error()) + " nats a token");
    line(
        "",
        "median %s, 99%% up to %s, largest %s"
            .formatted(
                number(divergence.median()),
                number(divergence.percentile99()),
                number(divergence.largest())));
    line(
        "same top",
        String.format(
            Locale.ROOT,
            "%.2f%% ± %.2f%% of the tokens",
            100 * result.sameTop(),
            100 * result.sameTopError()));
    line("logits", "differ by " + number(result.largestDifference()) + " at most");
    scored(base, first);
  }

  private void scored(LanguageModel model, PerplexityResult result) {
    line(
        "scored",
        "%d token%s in %d of %d windows of up to %d"
            .formatted(
                result.tokens(),
                result.tokens() == 1 ? "" : "s",
                result.windows(),
                result.allWindows(),
                model.contextLength()));
    line(
        "speed",
        Statistics.rate(result.tokensPerSecond())
            + " tokens/s, "
            + Statistics.seconds(result.time()));
    console.out().flush();
  }

  private static String bits(PerplexityResult result) {
    return String.format(
        Locale.ROOT,
        "%.4f a byte, %.4f a character",
        result.bitsPerByte(),
        result.bitsPerCharacter());
  }

  private static String withError(double value, double error) {
    return Double.isNaN(error) ? number(value) : number(value) + " ± " + number(error);
  }

  /** Five digits, or the power of ten of what is tiny. */
  private static String number(double value) {
    double size = Math.abs(value);
    if (size == 0) {
      return "0";
    }
    if (size < 1e-3) {
      return String.format(Locale.ROOT, "%.2e", value);
    }
    return String.format(Locale.ROOT, size < 10 ? "%.4f" : size < 1000 ? "%.3f" : "%.1f", value);
  }

  private void line(String label, String value) {
    console.out().printf("  %-10s %s%n", label, value);
  }
}

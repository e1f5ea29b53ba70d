package org.zonda.bench.lab;

/**
 * What came of one case.
 *
 * @param name the case
 * @param outcome what came of it
 * @param message what is wrong, in one line; empty if nothing is
 * @param error the worst difference, as a share of the largest expected magnitude
 * @param place where that is, such as {@code y[12]}; empty if nothing was compared
 * @param expected what the oracle says there
 * @param found what the kernel left there
 */
public record CaseResult(
    String name,
    Outcome outcome,
    String message,
    double error,
    String place,
    double expected,
    double found) {

  /** What can come of a case. */
  public enum Outcome {
    /** The results are those of the oracle. */
    RIGHT,
    /** They are not. */
    WRONG,
    /** The kernel broke a rule, or could not be run. */
    FAULT
  }

  static CaseResult compared(String name, Trial trial) {
    Comparison worst = Comparison.of(trial);
    boolean right = worst.error() <= trial.tolerance();
    String message =
        right
            ? ""
            : "wrong result: %s is %s, the oracle says %s"
                .formatted(worst.place(), number(worst.found()), number(worst.expected()));
    return new CaseResult(
        name,
        right ? Outcome.RIGHT : Outcome.WRONG,
        message,
        worst.error(),
        worst.place(),
        worst.expected(),
        worst.found());
  }

  static CaseResult fault(String name, String message) {
    return new CaseResult(name, Outcome.FAULT, message, 0, "", 0, 0);
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : Float.toString((float) value);
  }
}

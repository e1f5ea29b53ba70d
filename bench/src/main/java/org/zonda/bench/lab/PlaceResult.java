package org.zonda.bench.lab;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a kernel did in one place.
 *
 * @param place such as {@code simulator (OpenCL rules)} or {@code device 0: NVIDIA H200 (CUDA)}
 * @param cases what came of each case
 * @param skipped why it was not run there; empty if it was
 * @param seconds how long it took
 */
public record PlaceResult(
    String place, List<CaseResult> cases, Optional<String> skipped, double seconds) {

  static PlaceResult skipped(String place, String reason) {
    return new PlaceResult(place, List.of(), Optional.of(reason), 0);
  }

  /**
   * How many cases were right.
   *
   * @return their number
   */
  public int right() {
    return (int) cases.stream().filter(c -> c.outcome() == CaseResult.Outcome.RIGHT).count();
  }

  /**
   * Whether something was found that is wrong.
   *
   * @return whether not all cases that were run are right
   */
  public boolean failed() {
    return right() < cases.size();
  }

  /**
   * Where the results were farthest from the oracle's, but for those that differ where they must be
   * equal.
   *
   * @return the case; empty if none was compared
   */
  public Optional<CaseResult> worst() {
    return cases.stream()
        .filter(c -> !c.place().isEmpty() && Double.isFinite(c.error()))
        .max(Comparator.comparingDouble(CaseResult::error));
  }

  /**
   * The different things that are wrong: of cases with equal messages the first.
   *
   * @return the cases
   */
  public List<CaseResult> findings() {
    List<String> seen = new java.util.ArrayList<>();
    return cases.stream()
        .filter(c -> c.outcome() != CaseResult.Outcome.RIGHT)
        .filter(
            c -> {
              String kind = kind(c);
              boolean fresh = !seen.contains(kind);
              seen.add(kind);
              return fresh;
            })
        .toList();
  }

  /** The message without its numbers, but for the line. */
  private static String kind(CaseResult result) {
    if (result.outcome() == CaseResult.Outcome.WRONG) {
      return "wrong " + result.place().replaceAll("\\[.*", "");
    }
    int end = result.message().indexOf("): ");
    String where = end < 0 ? result.message() : result.message().substring(0, end);
    return where.replaceAll("work-item \\(.*", "");
  }
}

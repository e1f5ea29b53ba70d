package org.zonda.runtime.profile;

import java.util.List;

/**
 * Where the time of reading prompts, or of writing, went.
 *
 * @param tokens read, or written
 * @param nanos everything included
 * @param samplingNanos of that, choosing tokens from logits
 * @param operations what was computed, by operation and weight, in the order of the first pass
 * @param layers the same by embedding, layer and head, in their order
 */
public record PhaseProfile(
    int tokens,
    long nanos,
    long samplingNanos,
    List<OperationTotals> operations,
    List<LayerTotals> layers) {

  /** Takes copies. */
  public PhaseProfile {
    operations = List.copyOf(operations);
    layers = List.copyOf(layers);
  }

  /**
   * The totals of an operation on all its layers.
   *
   * @param operation such as {@code linear}
   * @param weight such as {@code ffn_down}; empty where it has none
   * @param format such as {@code Q4_K}; empty where it has none
   * @param totals what it took
   */
  public record OperationTotals(String operation, String weight, String format, Totals totals) {}

  /**
   * The totals of a layer's operations.
   *
   * @param layer such as {@code layer 3}
   * @param totals what they took
   */
  public record LayerTotals(String layer, Totals totals) {}

  /**
   * All operations together.
   *
   * @return their sum
   */
  public Totals computed() {
    return operations.stream().map(OperationTotals::totals).reduce(Totals.NONE, Totals::plus);
  }

  /**
   * The time in which no operation ran and none was sampled: launching, copying, the program's own.
   *
   * @return nanoseconds
   */
  public long hostNanos() {
    return nanos - samplingNanos - computed().nanos();
  }
}

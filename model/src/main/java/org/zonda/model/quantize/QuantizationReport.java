package org.zonda.model.quantize;

import java.time.Duration;
import java.util.List;

/**
 * What a quantisation cost.
 *
 * @param plan what was done
 * @param tensors each tensor's error, in the order of the file
 * @param fileBytes the bytes of the new file
 * @param time how long it took
 */
public record QuantizationReport(
    QuantizationPlan plan, List<TensorResult> tensors, long fileBytes, Duration time) {

  /**
   * What one tensor's conversion cost.
   *
   * @param plan what was done
   * @param error how far its numbers are from the source's
   */
  public record TensorResult(TensorPlan plan, RoundingError error) {}

  /** Copies the list. */
  public QuantizationReport {
    tensors = List.copyOf(tensors);
  }

  /**
   * The error of all tensors that were converted, as one.
   *
   * @return copied ones do not count
   */
  public RoundingError error() {
    return tensors.stream()
        .map(TensorResult::error)
        .reduce(RoundingError.NONE, RoundingError::plus);
  }
}

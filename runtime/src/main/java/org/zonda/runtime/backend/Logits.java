package org.zonda.runtime.backend;

import java.util.Arrays;

/**
 * The logits of the rows that a batch wanted, in the batch's order. A view on the executor's
 * buffer: valid until its next forward pass.
 *
 * @param rows how many
 * @param vocabularySize floats a row
 * @param values at least {@code rows * vocabularySize} floats
 */
public record Logits(int rows, int vocabularySize, float[] values) {

  /**
   * Copies a row.
   *
   * @param row from 0 to {@code rows() - 1}
   * @return a new array of {@code vocabularySize()} floats
   */
  public float[] row(int row) {
    return Arrays.copyOfRange(values, row * vocabularySize, (row + 1) * vocabularySize);
  }
}

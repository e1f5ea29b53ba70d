package org.zonda.model.lora;

import org.zonda.model.ZondaException;
import org.zonda.model.tensor.Tensor;

/**
 * What an adapter adds to one tensor of {@code rows x columns}: {@code scale * B * A}.
 *
 * @param target the tensor of the base
 * @param a {@code rank x columns}
 * @param b {@code rows x rank}, its rows as the adapter's file has them
 * @param order where a row of the target is among those of b
 * @param scale the adapter's own, from its alpha and rank
 */
record LowRank(String target, Tensor a, Tensor b, RowOrder order, double scale) {

  long columns() {
    return a.dimension(0);
  }

  long rows() {
    return b.dimension(1);
  }

  int rank() {
    return (int) a.dimension(1);
  }

  /** A row of A. */
  float[] rowOfA(int row, String label) {
    return row(a, row, label);
  }

  /** A row of B, counted as the target's. */
  float[] rowOfB(int row, String label) {
    return row(b, order.source(row), label);
  }

  private static float[] row(Tensor tensor, int row, String label) {
    float[] values = new float[Math.toIntExact(tensor.rowLength())];
    tensor.decodeRow(row, values);
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new ZondaException(
            "%s: tensor '%s' has %s in row %d, column %d; expected finite numbers"
                .formatted(label, tensor.name(), values[i], row, i));
      }
    }
    return values;
  }
}

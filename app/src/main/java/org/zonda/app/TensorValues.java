package org.zonda.app;

import java.util.Arrays;
import org.zonda.model.ZondaException;
import org.zonda.model.tensor.Codecs;
import org.zonda.model.tensor.Tensor;

/**
 * The decoded values of a tensor in figures.
 *
 * @param min the smallest finite value; NaN where none is finite
 * @param max the largest finite value
 * @param mean of the finite values
 * @param deviation their standard deviation
 * @param notFinite how many are infinite or NaN
 * @param row the row that was asked for
 * @param first its first values
 */
record TensorValues(
    double min,
    double max,
    double mean,
    double deviation,
    long notFinite,
    long row,
    float[] first) {

  /**
   * Decodes a tensor row by row.
   *
   * @param tensor of a format that can be decoded
   * @param row whose values to keep
   * @param count how many of them
   * @param model for messages
   * @throws ZondaException if the format is unknown or there is no such row
   */
  static TensorValues of(Tensor tensor, long row, int count, String model) {
    String context = model + ": tensor '" + tensor.name() + "'";
    Codecs.of(tensor.type(), context);
    if (row < 0 || row >= tensor.rows()) {
      throw new ZondaException(
          "%s has no row %d; its rows go from 0 to %d".formatted(context, row, tensor.rows() - 1));
    }
    float[] values = new float[Math.toIntExact(tensor.rowLength())];
    float[] first = {};
    double min = Double.NaN;
    double max = Double.NaN;
    long finite = 0;
    double mean = 0;
    double squares = 0;
    for (long r = 0; r < tensor.rows(); r++) {
      tensor.decodeRow(r, values);
      if (r == row) {
        first = Arrays.copyOf(values, Math.min(count, values.length));
      }
      for (float value : values) {
        if (Float.isFinite(value)) {
          // Welford's recurrence: exact enough for billions of values.
          finite++;
          double delta = value - mean;
          mean += delta / finite;
          squares += delta * (value - mean);
          min = value < min || finite == 1 ? value : min;
          max = value > max || finite == 1 ? value : max;
        }
      }
    }
    return new TensorValues(
        min,
        max,
        finite == 0 ? Double.NaN : mean,
        Math.sqrt(squares / finite),
        tensor.elements() - finite,
        row,
        first);
  }
}

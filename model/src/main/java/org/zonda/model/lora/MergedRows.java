package org.zonda.model.lora;

import java.lang.foreign.MemorySegment;
import org.zonda.model.ZondaException;
import org.zonda.model.tensor.Codec;
import org.zonda.model.tensor.Codecs;
import org.zonda.model.tensor.Tensor;
import org.zonda.model.tensor.TensorType;

/** Rows of {@code W + B A}, computed and stored one by one, by any number of threads. */
final class MergedRows {

  private final Tensor tensor;
  private final Delta delta;
  private final Codec codec;
  private final String label;
  private final float[][] a;

  /**
   * Sums of squares.
   *
   * @param weights of the merged weights
   * @param changes of what was added
   * @param errors of what is stored less what was to be stored
   */
  record Sums(double weights, double changes, double errors) {
    Sums plus(Sums other) {
      return new Sums(weights + other.weights, changes + other.changes, errors + other.errors);
    }
  }

  /**
   * Prepares a tensor's rows.
   *
   * @param tensor W
   * @param delta B and A
   * @param stored how to store the rows
   * @param label what messages name first
   */
  MergedRows(Tensor tensor, Delta delta, TensorType stored, String label) {
    this.tensor = tensor;
    this.delta = delta;
    this.label = label;
    codec = Codecs.of(stored, label);
    a = new float[delta.rank()][Math.toIntExact(tensor.rowLength())];
    for (int r = 0; r < a.length; r++) {
      delta.a().decodeRow(r, a[r]);
    }
  }

  /**
   * Computes and stores a row.
   *
   * @throws ZondaException if it has numbers that cannot be stored
   */
  Sums encode(long row, MemorySegment target, long offset) {
    float[] merged = new float[a[0].length];
    double changes = merge(row, merged);
    float[] back = new float[merged.length];
    try {
      codec.encode(merged, 0, target, offset, merged.length);
    } catch (ZondaException e) {
      throw new ZondaException(context(row) + ": " + e.getMessage(), e);
    }
    codec.decode(target, offset, back, 0, back.length);
    double weights = 0;
    double errors = 0;
    for (int i = 0; i < merged.length; i++) {
      if (!Float.isFinite(back[i])) {
        throw new ZondaException(
            "%s: %s cannot be stored as %s; choose another type"
                .formatted(context(row), merged[i], codec.type()));
      }
      double error = (double) back[i] - merged[i];
      weights += (double) merged[i] * merged[i];
      errors += error * error;
    }
    return new Sums(weights, changes, errors);
  }

  private double merge(long row, float[] merged) {
    float[] b = new float[delta.rank()];
    delta.b().decodeRow(row, b);
    double[] change = new double[merged.length];
    for (int r = 0; r < b.length; r++) {
      double factor = b[r];
      float[] line = a[r];
      for (int i = 0; i < change.length; i++) {
        change[i] += factor * line[i];
      }
    }
    tensor.decodeRow(row, merged);
    double changes = 0;
    for (int i = 0; i < merged.length; i++) {
      changes += change[i] * change[i];
      merged[i] = (float) (merged[i] + change[i]);
    }
    return changes;
  }

  private String context(long row) {
    return label + ": tensor '" + tensor.name() + "', row " + row;
  }
}

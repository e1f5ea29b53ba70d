package org.zonda.runtime.cpu;

import java.util.IdentityHashMap;
import java.util.Map;
import org.zonda.model.graph.Rotary;
import org.zonda.runtime.backend.Batch;

/** The rows of one chunk of a batch on their way through the layers. */
final class Pass {

  final int rows;
  final int[] tokens;
  final int[] sequences;
  final int[] positions;

  private final Map<Rotary, float[]> rotations = new IdentityHashMap<>();

  /** Takes some rows of a batch. */
  Pass(Batch batch, int from, int to) {
    rows = to - from;
    tokens = new int[rows];
    sequences = new int[rows];
    positions = new int[rows];
    for (int i = 0; i < rows; i++) {
      tokens[i] = batch.token(from + i);
      sequences[i] = batch.sequence(from + i);
      positions[i] = batch.position(from + i);
    }
  }

  /** The last row of the run of consecutive positions that begins at a row, plus one. */
  int runEnd(int first, int most) {
    int end = first + 1;
    while (end < rows
        && end - first < most
        && sequences[end] == sequences[first]
        && positions[end] == positions[end - 1] + 1) {
      end++;
    }
    return end;
  }

  /** Cosine and sine, one after the other, of each row's angle of each pair, times magnitude. */
  float[] rotation(Rotary rotary) {
    return rotations.computeIfAbsent(rotary, this::computeRotation);
  }

  private float[] computeRotation(Rotary rotary) {
    float[] frequencies = rotary.frequencies();
    float[] table = new float[rows * 2 * frequencies.length];
    int at = 0;
    for (int position : positions) {
      for (float frequency : frequencies) {
        double angle = (double) position * frequency;
        table[at++] = (float) Math.cos(angle) * rotary.magnitude();
        table[at++] = (float) Math.sin(angle) * rotary.magnitude();
      }
    }
    return table;
  }
}

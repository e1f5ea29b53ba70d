package org.zonda.runtime.cpu;

import java.util.IdentityHashMap;
import java.util.Map;
import org.zonda.model.graph.Rotary;
import org.zonda.runtime.backend.Chunk;

/** The angles of a chunk's rows, computed once for all layers that rotate alike. */
final class Rotations {

  private final Map<Rotary, float[]> tables = new IdentityHashMap<>();
  private Chunk chunk;

  /** Cosine and sine, one after the other, of each row's angle of each pair, times magnitude. */
  float[] of(Rotary rotary, Chunk rows) {
    if (rows != chunk) {
      tables.clear();
      chunk = rows;
    }
    return tables.computeIfAbsent(rotary, key -> table(key, rows));
  }

  private static float[] table(Rotary rotary, Chunk rows) {
    float[] frequencies = rotary.frequencies();
    float[] table = new float[rows.rows() * 2 * frequencies.length];
    int at = 0;
    for (int position : rows.positions()) {
      for (float frequency : frequencies) {
        double angle = (double) position * frequency;
        table[at++] = (float) Math.cos(angle) * rotary.magnitude();
        table[at++] = (float) Math.sin(angle) * rotary.magnitude();
      }
    }
    return table;
  }
}

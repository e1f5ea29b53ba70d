package org.zonda.runtime.tornado;

import java.util.LinkedHashMap;
import java.util.Map;
import org.zonda.model.ZondaException;
import org.zonda.model.graph.Rotary;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * The cosine and sine of each position's angle of each pair, times magnitude: {@code positions x
 * pairs x 2} floats for each rotary of a stage, one after the other.
 */
final class RotationTable {

  private final int positions;
  private final Map<Rotary, Integer> offsets = new LinkedHashMap<>();
  private long floats;
  private FloatArray array;

  /**
   * Begins an empty table.
   *
   * @param positions that a sequence may have
   */
  RotationTable(int positions) {
    this.positions = positions;
  }

  /**
   * Notes a rotary.
   *
   * @param rotary the rotary
   * @return index of its first float
   */
  int offset(Rotary rotary) {
    if (!offsets.containsKey(rotary)) {
      if (array != null) {
        throw new IllegalStateException("the table is made already");
      }
      offsets.put(rotary, (int) floats);
      floats += (long) positions * rotary.rotated();
      if (floats > Integer.MAX_VALUE - 16) {
        throw new ZondaException(
            "the rotations of %d positions are too large for a device array; use a shorter context"
                .formatted(positions));
      }
    }
    return offsets.get(rotary);
  }

  /** Computes the table and has it copied to the device. */
  void make(DeviceProgram program) {
    array = new FloatArray((int) Math.max(1, floats));
    array.init(0);
    offsets.forEach(this::compute);
    program.upload(array);
  }

  private void compute(Rotary rotary, int offset) {
    float[] frequencies = rotary.frequencies();
    int at = offset;
    for (int position = 0; position < positions; position++) {
      for (float frequency : frequencies) {
        double angle = (double) position * frequency;
        array.set(at++, (float) Math.cos(angle) * rotary.magnitude());
        array.set(at++, (float) Math.sin(angle) * rotary.magnitude());
      }
    }
  }

  /** The table, once it is made. */
  FloatArray array() {
    return array;
  }
}

package org.zonda.runtime.tornado;

import org.zonda.model.ZondaException;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Device memory that values of one kind of pass take in turn: as many rows as a pass can have, each
 * as wide as the widest of the values. It is made after all values have been given their slots.
 */
final class Slot {

  private final DeviceProgram program;
  private final int rows;
  private final boolean shared;
  private int width;
  private FloatArray array;

  /**
   * Notes a slot.
   *
   * @param program whose memory it will take
   * @param rows most rows of a pass
   * @param shared whether values take it in turn; one that is not belongs to what its maker keeps
   */
  Slot(DeviceProgram program, int rows, boolean shared) {
    this.program = program;
    this.rows = rows;
    this.shared = shared;
  }

  boolean isShared() {
    return shared;
  }

  /** Notes that rows of this width will lie here. */
  void fit(int needed) {
    if (array != null) {
      throw new IllegalStateException("the slot is made already");
    }
    width = Math.max(width, needed);
  }

  /** Makes the memory. */
  void make() {
    long floats = (long) rows * width;
    if (floats > Integer.MAX_VALUE - 16) {
      throw new ZondaException(
          "a batch of %d rows of %d floats is too large for a device array; use a smaller batch"
              .formatted(rows, width));
    }
    array = program.allocate(new FloatArray((int) Math.max(1, floats)));
  }

  FloatArray array() {
    return array;
  }
}

package org.zonda.runtime.tornado;

import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Where a value lies: row r begins at {@code offset + r * stride}.
 *
 * @param slot the memory
 * @param offset index of the first row
 * @param stride floats from row to row
 */
record Place(Slot slot, int offset, int stride) {

  FloatArray array() {
    return slot.array();
  }
}

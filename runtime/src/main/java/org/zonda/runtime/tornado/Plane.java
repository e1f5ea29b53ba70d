package org.zonda.runtime.tornado;

import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * One of the arrays into which the blocks of a format are taken apart, so that each can be read in
 * whole words.
 *
 * @param kind its elements
 * @param perBlock how many of them a block has
 */
record Plane(Kind kind, int perBlock) {

  /** The elements of an array. */
  enum Kind {
    INT(4),
    HALF(2),
    FLOAT(4);

    private final int bytes;

    Kind(int bytes) {
      this.bytes = bytes;
    }

    int bytes() {
      return bytes;
    }
  }

  /** An array for a number of blocks. */
  TornadoNativeArray array(long blocks) {
    int size = Math.toIntExact(perBlock * blocks);
    return switch (kind) {
      case INT -> new IntArray(size);
      case HALF -> new HalfFloatArray(size);
      case FLOAT -> new FloatArray(size);
    };
  }
}

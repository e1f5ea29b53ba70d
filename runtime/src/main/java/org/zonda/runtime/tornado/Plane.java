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
 * @param perBlock how many of them a block has; none where a kernel wants an array that the format
 *     has no use for
 */
record Plane(Kind kind, int perBlock) {

  /** The elements of an array. */
  enum Kind {
    INT(4),
    HALF(2),
    /** Bytes, four a word, the first lowest. */
    BYTE(1),
    FLOAT(4);

    private final int bytes;

    Kind(int bytes) {
      this.bytes = bytes;
    }

    int bytes() {
      return bytes;
    }
  }

  /** An array for a number of blocks, of at least one element. */
  TornadoNativeArray array(long blocks) {
    int perElement = kind == Kind.BYTE ? Integer.BYTES : 1;
    int size = Math.toIntExact(Math.max(1, Math.ceilDiv(perBlock * blocks, perElement)));
    return switch (kind) {
      case INT, BYTE -> new IntArray(size);
      case HALF -> new HalfFloatArray(size);
      case FLOAT -> new FloatArray(size);
    };
  }
}

package org.zonda.kernels.oracle;

import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** What planes are made of. */
final class Fields {

  private Fields() {}

  /** A half-precision float. */
  static double half(HalfFloatArray d, int index) {
    return d.get(index).getFloat32();
  }

  /** The field with the given index among fields of that many bits, the lowest of a word first. */
  static int field(IntArray words, int bits, int index) {
    int perWord = 32 / bits;
    return words.get(index / perWord) >>> bits * (index % perWord) & (1 << bits) - 1;
  }
}

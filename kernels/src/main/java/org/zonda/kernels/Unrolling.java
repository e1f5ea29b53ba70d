package org.zonda.kernels;

import uk.ac.manchester.tornado.api.math.TornadoMath;

/**
 * Loops whose length is known at compilation are unrolled fully, which long ones must not be: the
 * device's own compiler unrolls them as far as is good.
 */
public final class Unrolling {

  private Unrolling() {}

  /**
   * A loop's length in a form that is not known at compilation.
   *
   * @param length the length
   * @param some a number above 0 that was read from an array
   */
  public static int prevent(int length, int some) {
    return length * TornadoMath.min(some, 1);
  }
}

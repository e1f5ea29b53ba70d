package org.zonda.runtime.tornado;

import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Rows rounded to 8 bits, as {@link org.zonda.kernels.Int8Input} makes them.
 *
 * @param values four a word
 * @param scales one a block of 32 values
 */
record Int8Rows(IntArray values, FloatArray scales) {}

package org.zonda.runtime.tornado;

import org.zonda.model.graph.Value;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * What a product reads.
 *
 * @param what it is: its value, or the step that keeps it to itself
 * @param array its rows, one after another
 * @param perRow how many of them a row of the pass has: 1, or the experts used
 */
record Input(Object what, FloatArray array, int perRow) {

  static Input of(Value value, Place place) {
    return new Input(value, place.array(), 1);
  }
}

package org.zonda.model.quantize;

import java.util.function.Predicate;
import org.zonda.model.tensor.TensorType;

/**
 * One line of a mix: what matrices of a role are stored as where a condition holds.
 *
 * @param role what the matrix is for
 * @param condition where in which model
 * @param type its format there
 */
record Rule(TensorRole role, Predicate<Place> condition, TensorType type) {

  boolean appliesTo(Place place) {
    return place.role() == role && condition.test(place);
  }
}

package org.zonda.model.quantize;

import java.util.function.Predicate;

/**
 * Where in which model a matrix is, which is all that the rules of a mix may ask.
 *
 * @param role what the matrix is for
 * @param layer its layer, or for attention's values which of them it is, from 0; -1 outside layers
 * @param layers how many of those there are
 * @param model facts about the whole model
 */
record Place(TensorRole role, int layer, int layers, ModelFacts model) {

  static final Predicate<Place> ALWAYS = place -> true;

  /** The first and the last eighth of the layers, and every third between. */
  static final Predicate<Place> MORE_BITS =
      place ->
          place.layer < place.layers / 8
              || place.layer >= 7 * place.layers / 8
              || (place.layer - place.layers / 8) % 3 == 2;

  static final Predicate<Place> FIRST_EIGHTH = place -> place.layer < place.layers / 8;
  static final Predicate<Place> FIRST_SIXTEENTH = place -> place.layer < place.layers / 16;

  /** Four or more query heads share a head of keys and values: those matrices are small. */
  static final Predicate<Place> GROUPED = place -> place.model.queriesPerValue() >= 4;

  static final Predicate<Place> EIGHT_EXPERTS = place -> place.model.experts() == 8;
  static final Predicate<Place> FALCON = place -> place.model.architecture().equals("falcon");

  static Predicate<Place> first(int count) {
    return place -> place.layer < count;
  }
}

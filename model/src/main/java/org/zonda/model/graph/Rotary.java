package org.zonda.model.graph;

import java.util.Arrays;

/**
 * Rotary position embedding (Su et al. 2021, arXiv:2104.09864) with every constant resolved: pair
 * {@code i} of each head is rotated by {@code position * frequencies[i]} and scaled by {@code
 * magnitude}. Base, linear scaling, per-frequency factors and YaRN are all in the frequencies.
 *
 * @param pairing which elements of a head form a pair
 * @param frequencies radians per position, one per pair; twice as many leading elements of each
 *     head are rotated and the rest pass unchanged
 * @param magnitude factor on the rotated elements, 1 except for YaRN
 */
public record Rotary(Pairing pairing, float[] frequencies, float magnitude) {

  /** Which elements of a head form a rotated pair. */
  public enum Pairing {
    /** Elements 2i and 2i + 1. */
    ADJACENT,
    /** Elements i and i + n, where n pairs are rotated. */
    HALVES
  }

  /** Takes a copy of the frequencies. */
  public Rotary {
    frequencies = frequencies.clone();
  }

  @Override
  public float[] frequencies() {
    return frequencies.clone();
  }

  /**
   * The number of leading elements of each head that are rotated.
   *
   * @return twice the number of frequencies
   */
  public int rotated() {
    return 2 * frequencies.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Rotary that
        && pairing == that.pairing
        && magnitude == that.magnitude
        && Arrays.equals(frequencies, that.frequencies);
  }

  @Override
  public int hashCode() {
    return 31 * pairing.hashCode() + Arrays.hashCode(frequencies);
  }

  @Override
  public String toString() {
    return "rotary[" + pairing + ", " + rotated() + " elements, magnitude " + magnitude + "]";
  }
}

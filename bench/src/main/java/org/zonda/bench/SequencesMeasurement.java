package org.zonda.bench;

/**
 * How fast a number of sequences write at once.
 *
 * @param sequences how many
 * @param speed tokens per second of all of them together
 * @param cacheBytes what their keys and values took, the shared prompt's counted once
 * @param cacheBytesApart what they would have taken, had each had the prompt for itself
 */
public record SequencesMeasurement(
    int sequences, Spread speed, long cacheBytes, long cacheBytesApart) {}

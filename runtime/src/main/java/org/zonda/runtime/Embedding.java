package org.zonda.runtime;

/**
 * A text as a vector.
 *
 * @param vector as many floats as the model is wide
 * @param tokens how many tokens it was computed from, special ones included
 * @param truncated whether the text had more
 */
public record Embedding(float[] vector, int tokens, boolean truncated) {}

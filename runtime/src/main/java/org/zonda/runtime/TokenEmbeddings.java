package org.zonda.runtime;

/**
 * The tokens of a text as vectors.
 *
 * @param tokens their ids, special ones included
 * @param vectors a row a token, as many floats as the model is wide
 * @param truncated whether the text had more
 */
public record TokenEmbeddings(int[] tokens, float[][] vectors, boolean truncated) {}

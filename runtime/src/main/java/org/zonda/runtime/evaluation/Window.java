package org.zonda.runtime.evaluation;

/**
 * Tokens that are read at once.
 *
 * @param tokens from the first position on
 * @param scored index of the first that is scored, at least 1; so are all after it
 * @param textIndex which token of the text that is
 */
record Window(int[] tokens, int scored, int textIndex) {

  /** The token that comes after a position. */
  int tokenAfter(int position) {
    return tokens[position + 1];
  }

  /** Which token of the text comes after a position. */
  int textAfter(int position) {
    return textIndex + position + 1 - scored;
  }
}

package org.zonda.runtime.embedding;

/** Takes the hidden states of a text's tokens. */
@FunctionalInterface
interface HiddenStates {

  /**
   * Whether a token's hidden state is wanted.
   *
   * @param position from 0
   * @return true for all but what pooling leaves out
   */
  default boolean wants(int position) {
    return true;
  }

  /**
   * Takes a hidden state that was wanted; in the order of their positions.
   *
   * @param position the token's
   * @param values where it lies; valid during the call only
   * @param offset index of its first
   */
  void take(int position, float[] values, int offset);
}

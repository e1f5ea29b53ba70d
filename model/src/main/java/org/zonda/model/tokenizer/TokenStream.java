package org.zonda.model.tokenizer;

/** Turns tokens that come one by one into text, holding back incomplete characters. One thread. */
public interface TokenStream {

  /**
   * Adds a token.
   *
   * @param token an id
   * @return the text that became complete, possibly empty; bytes that can be no character become
   *     U+FFFD
   * @throws org.zonda.model.ZondaException if the id is outside the vocabulary
   * @throws IllegalStateException if the stream was finished
   */
  String push(int token);

  /**
   * Ends the stream.
   *
   * @return U+FFFD for an unfinished character, else empty
   */
  String finish();
}

package org.zonda.model.tokenizer;

import org.zonda.model.ModelSource;

/** Makes the tokenizer that a model's metadata describes. */
public final class Tokenizers {

  private Tokenizers() {}

  /**
   * Makes a model's tokenizer.
   *
   * @param source the model
   * @return its tokenizer
   * @throws org.zonda.model.ZondaException if the metadata is missing, contradictory or of an
   *     unknown kind; the message lists the known kinds
   */
  public static Tokenizer of(ModelSource source) {
    throw new UnsupportedOperationException("being written");
  }
}

package org.zonda.model.tokenizer;

/** What a token is, as {@code tokenizer.ggml.token_type} numbers it (GGUF specification). */
enum TokenType {
  /** Text. */
  NORMAL(1),
  /** Stands for what has no token. */
  UNKNOWN(2),
  /** Steers the model and is no text: BOS, EOS, turn markers. */
  CONTROL(3),
  /** Text that is always one token, matched before anything else. */
  USER_DEFINED(4),
  /** A place kept free; text like any other where the vocabulary can reach it. */
  UNUSED(5),
  /** One byte of a character that has no token, written {@code <0xXX>}. */
  BYTE(6);

  private final int id;

  TokenType(int id) {
    this.id = id;
  }

  /**
   * Finds a type by its number.
   *
   * @param id from 1 to 6, or 0 for undefined, which counts as normal
   * @return the type, or null for a number that no type has
   */
  static TokenType byId(int id) {
    if (id == 0) {
      return NORMAL;
    }
    for (TokenType type : values()) {
      if (type.id == id) {
        return type;
      }
    }
    return null;
  }

  /** Whether plain text can become such a token by merging. */
  boolean isMergeable() {
    return this == NORMAL || this == USER_DEFINED || this == UNUSED;
  }
}

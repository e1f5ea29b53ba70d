package org.zonda.app;

import java.nio.charset.StandardCharsets;
import org.zonda.model.tokenizer.Tokenizer;

/** Tokens for people to look at. */
final class Pieces {

  private Pieces() {}

  /** The vocabulary's piece, and the text where that reads otherwise, as in byte-level BPE. */
  static String show(Tokenizer tokenizer, int token) {
    String piece = Printable.line(tokenizer.piece(token));
    if (tokenizer.isControl(token)) {
      return piece;
    }
    String text = new String(tokenizer.bytes(token), StandardCharsets.UTF_8);
    String plain = Printable.line(text);
    return plain.equals(piece) ? piece : piece + "  '" + plain + "'";
  }
}

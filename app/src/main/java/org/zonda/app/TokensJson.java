package org.zonda.app;

import org.zonda.model.tokenizer.Tokenizer;

/** The result of {@code tokenize --json} and {@code detokenize --json}. */
final class TokensJson {

  private TokensJson() {}

  static void write(Output out, Tokenizer tokenizer, int[] tokens, String text) {
    Json.write(
        out,
        json -> {
          json.writeStringField("text", text);
          json.writeNumberField("count", tokens.length);
          json.writeFieldName("tokens");
          json.writeArray(tokens, 0, tokens.length);
          json.writeArrayFieldStart("pieces");
          for (int token : tokens) {
            json.writeString(tokenizer.piece(token));
          }
          json.writeEndArray();
        });
  }
}

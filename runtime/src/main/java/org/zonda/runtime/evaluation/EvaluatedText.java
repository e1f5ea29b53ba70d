package org.zonda.runtime.evaluation;

import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import org.zonda.model.tokenizer.Tokenizer;
import org.zonda.model.tokenizer.Tokenizer.Specials;

/**
 * A text as the model reads it. Names of special tokens in it are plain text.
 *
 * @param tokens its own, without BOS and EOS
 * @param bos what prompts begin with, if anything
 * @param tokenizer of the model
 * @param added bytes of all tokens beyond those of the text: the space before it, mostly
 */
record EvaluatedText(int[] tokens, OptionalInt bos, Tokenizer tokenizer, long added) {

  static EvaluatedText of(String text, Tokenizer tokenizer) {
    int[] tokens = tokenizer.encode(text, Specials.PLAIN);
    int[] empty = tokenizer.encodePrompt("", Specials.PLAIN);
    boolean begins = empty.length > 0 && tokenizer.bos().equals(OptionalInt.of(empty[0]));
    long bytes = 0;
    for (int token : tokens) {
      bytes += tokenizer.bytes(token).length;
    }
    return new EvaluatedText(
        tokens,
        begins ? tokenizer.bos() : OptionalInt.empty(),
        tokenizer,
        bytes - text.getBytes(StandardCharsets.UTF_8).length);
  }

  /** Bytes of the text that a token stands for. */
  long bytes(int index) {
    return tokenizer.bytes(tokens[index]).length - (index == 0 ? added : 0);
  }

  /** Characters of the text that begin in a token. */
  long characters(int index) {
    long begun = 0;
    for (byte value : tokenizer.bytes(tokens[index])) {
      begun += (value & 0xC0) == 0x80 ? 0 : 1; // UTF-8's continuation bytes
    }
    return begun - (index == 0 ? added : 0);
  }
}

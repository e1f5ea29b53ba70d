package org.zonda.model.tokenizer;

import java.util.BitSet;
import java.util.Set;

/**
 * What the names of special tokens say where the metadata says nothing or too little: converters
 * often leave out which tokens end an answer, and type turn markers as user-defined text.
 */
final class MarkerNames {

  /** Names that end an answer in published models, whatever kind of marker they are typed as. */
  private static final Set<String> ENDS =
      Set.of(
          "<|im_end|>", // ChatML, Qwen
          "<|eot_id|>", // Llama 3, end of turn
          "<|eom_id|>", // Llama 3, end of message before a tool answers
          "<|end|>", // Phi-3
          "<|EOT|>", // DeepSeek Coder
          "<|endoftext|>", // GPT-2 and many after it
          "<|end_of_text|>", // Llama 3, Granite
          "<|end_of_turn|>", // OpenChat
          "<|return|>", // gpt-oss, end of the final answer
          "<|call|>", // gpt-oss, a tool is to answer
          "<end_of_turn>", // Gemma
          "<end_of_utterance>", // SmolVLM
          "<EOT>", // CodeLlama
          "_<EOT>",
          "[EOT]",
          "<\uFF5Cend\u2581of\u2581sentence\uFF5C>"); // DeepSeek

  /** The names that end an answer only as control tokens: others have them as HTML tags. */
  private static final Set<String> CONTROL_ENDS = Set.of("</s>", "<eos>", "[EOS]");

  private static final Set<String> OTHER_MARKERS = Set.of("<start_of_turn>");

  private MarkerNames() {}

  /**
   * Whether a name is a marker's, so that no user's text may become that token: the names above and
   * all of the forms <code>&lt;|x|&gt;</code> and <code>&lt;｜x｜&gt;</code>.
   */
  static boolean isMarker(String name) {
    return ENDS.contains(name)
        || OTHER_MARKERS.contains(name)
        || isWrapped(name, "<|", "|>")
        || isWrapped(name, "<\uFF5C", "\uFF5C>");
  }

  private static boolean isWrapped(String name, String open, String close) {
    return name.length() > open.length() + close.length()
        && name.startsWith(open)
        && name.endsWith(close);
  }

  /**
   * The tokens that end an answer: those that {@code eos_token_id}, {@code eot_token_id} and {@code
   * eom_token_id} declare, and control tokens of well-known names.
   */
  static BitSet endsOf(Vocabulary vocabulary) {
    BitSet ends = new BitSet();
    for (String key : new String[] {"eos_token_id", "eot_token_id", "eom_token_id"}) {
      vocabulary.id(key).ifPresent(ends::set);
    }
    for (int token = 0; token < vocabulary.size(); token++) {
      if (vocabulary.type(token) == TokenType.CONTROL) {
        String name = vocabulary.piece(token);
        if (ENDS.contains(name) || CONTROL_ENDS.contains(name)) {
          ends.set(token);
        }
      }
    }
    // In gpt-oss <|end|> only ends one of several messages of an answer.
    if (vocabulary.find("<|return|>").isPresent() && vocabulary.find("<|call|>").isPresent()) {
      vocabulary.find("<|end|>").ifPresent(ends::clear);
    }
    return ends;
  }
}

package org.zonda.model.tokenizer;

import java.util.OptionalInt;
import org.zonda.model.ZondaException;

/**
 * The tokens that a model wants around a prompt.
 *
 * @param bos what may stand before it: BOS, or an encoder's {@code [CLS]}
 * @param eos what may stand behind it: EOS, or an encoder's {@code [SEP]}
 * @param addBos whether prompts begin with {@code bos}, which is there then
 * @param addEos whether prompts end with {@code eos}, which is there then
 */
record PromptFrame(OptionalInt bos, OptionalInt eos, boolean addBos, boolean addEos) {

  /**
   * BOS and EOS, as {@code add_bos_token} and {@code add_eos_token} say.
   *
   * @param vocabulary the tokens
   * @param addBos whether a prompt begins with BOS where the metadata says nothing
   * @param addEos whether a prompt ends with EOS where the metadata says nothing
   * @return the frame
   * @throws ZondaException if a token is wanted but not there
   */
  static PromptFrame of(Vocabulary vocabulary, boolean addBos, boolean addEos) {
    OptionalInt bos = vocabulary.bos();
    OptionalInt eos = vocabulary.eos();
    boolean before = vocabulary.flag("add_bos_token", addBos && bos.isPresent());
    boolean behind = vocabulary.flag("add_eos_token", addEos && eos.isPresent());
    require(!before || bos.isPresent(), "bos", vocabulary);
    require(!behind || eos.isPresent(), "eos", vocabulary);
    return new PromptFrame(bos, eos, before, behind);
  }

  private static void require(boolean present, String name, Vocabulary vocabulary) {
    if (!present) {
      throw new ZondaException(
          "%s: tokenizer.ggml.add_%s_token is true, but tokenizer.ggml.%s_token_id names no token"
              .formatted(vocabulary.label(), name, name));
    }
  }

  /**
   * {@code [CLS]} and {@code [SEP]}, which BERT has around every text: {@code cls_token_id}, else
   * {@code bos_token_id}, else the token of that name; {@code seperator_token_id} (GGUF's
   * spelling), else {@code eos_token_id}, else the token of that name. Left out where {@code
   * add_bos_token} or {@code add_sep_token} is false; {@code add_eos_token} means another token and
   * is not asked.
   *
   * @param vocabulary the tokens
   * @return the frame
   * @throws ZondaException if one of the two is wanted but not there
   */
  static PromptFrame ofEncoder(Vocabulary vocabulary) {
    OptionalInt cls = first(vocabulary, "[CLS]", "cls_token_id", "bos_token_id");
    OptionalInt sep =
        first(vocabulary, "[SEP]", "seperator_token_id", "separator_token_id", "eos_token_id");
    boolean addCls = vocabulary.flag("add_bos_token", true);
    boolean addSep = vocabulary.flag("add_sep_token", true);
    requireNamed(!addCls || cls.isPresent(), "[CLS]", "cls_token_id", vocabulary);
    requireNamed(!addSep || sep.isPresent(), "[SEP]", "seperator_token_id", vocabulary);
    return new PromptFrame(cls, sep, addCls, addSep);
  }

  private static OptionalInt first(Vocabulary vocabulary, String name, String... keys) {
    for (String key : keys) {
      OptionalInt token = vocabulary.id(key);
      if (token.isPresent()) {
        return token;
      }
    }
    return vocabulary.find(name);
  }

  private static void requireNamed(
      boolean present, String name, String key, Vocabulary vocabulary) {
    if (!present) {
      throw new ZondaException(
          "%s: the vocabulary has no %s; expected tokenizer.ggml.%s or a token of that name"
              .formatted(vocabulary.label(), name, key));
    }
  }
}

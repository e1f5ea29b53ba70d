package org.zonda.model.tokenizer;

import java.util.List;
import java.util.OptionalInt;

/**
 * Text to token ids and back. Implementations are immutable and thread-safe.
 *
 * <p>{@link Tokenizers#of} makes the right one from a model's metadata.
 */
public interface Tokenizer {

  /**
   * Whether names of special tokens within a text become those tokens or stay plain text. Tokens
   * that the vocabulary calls user-defined are text and recognised either way, except those named
   * like turn markers ({@code <|x|>}), which no untrusted text may become.
   */
  enum Specials {
    /** Control, unknown and user-defined tokens are recognised, the longest first. */
    PARSED,
    /** Only user-defined tokens are recognised. */
    PLAIN
  }

  /**
   * Encodes a text; adds no BOS or EOS.
   *
   * @param text any text; lone surrogates are encoded as U+FFFD
   * @param specials whether {@code <|im_end|>} and the like are recognised in the text
   * @return token ids
   */
  int[] encode(String text, Specials specials);

  /**
   * Encodes a prompt as the model wants it: with the BOS (and EOS) tokens its metadata asks for.
   *
   * @param text any text
   * @param specials whether special tokens are recognised in the text
   * @return token ids; never two BOS where the text itself begins with one
   */
  int[] encodePrompt(String text, Specials specials);

  /**
   * Encodes a prompt of trusted and untrusted parts, as a chat is: with the BOS (and EOS) tokens
   * that the metadata asks for. Text of neighbouring segments is encoded as one wherever no special
   * token lies between, so that the segments' borders leave no trace in the tokens.
   *
   * @param segments the parts in order; special tokens are recognised within trusted ones only
   * @return token ids; never two BOS where the prompt itself begins with one
   */
  int[] encodePrompt(List<Segment> segments);

  /**
   * Decodes a whole sequence; what is no valid UTF-8 becomes U+FFFD. Control tokens such as BOS are
   * left out; the space that the tokenizer put before the text is taken away again. What it cleaned
   * away or replaced (WordPiece, unigram) does not come back.
   *
   * @param tokens token ids
   * @return the text
   */
  String decode(int[] tokens);

  /**
   * A decoder for tokens that come one by one: never emits half a character.
   *
   * @param afterText whether text came before, so that the first space is kept
   * @return a new decoder, for one thread
   */
  TokenStream stream(boolean afterText);

  /**
   * The bytes a token stands for in running text.
   *
   * @param token an id from 0 to {@code vocabularySize() - 1}
   * @return UTF-8 bytes, possibly not a whole character; empty for control tokens
   * @throws org.zonda.model.ZondaException if the id is outside the vocabulary, here and in all
   *     methods that take a token
   */
  byte[] bytes(int token);

  /**
   * A token as the vocabulary writes it, such as {@code ▁Once} or {@code <0x0A>}.
   *
   * @param token an id
   * @return its piece
   */
  String piece(int token);

  /**
   * The id of a piece written exactly so in the vocabulary.
   *
   * @param piece such as {@code <|im_end|>}
   * @return the id, or empty
   */
  OptionalInt findToken(String piece);

  /**
   * Whether a token is control or unknown rather than text.
   *
   * @param token an id
   * @return true for BOS, EOS and their like
   */
  boolean isControl(int token);

  /**
   * Whether a token ends a generation: those of {@code eos_token_id}, {@code eot_token_id} and
   * {@code eom_token_id}, and control tokens with the well-known names of such ({@code <|im_end|>},
   * {@code <|eot_id|>}, {@code <|end|>}, {@code <end_of_turn>}, {@code <|endoftext|>}, {@code </s>}
   * and others), since converters often declare only one.
   *
   * @param token an id
   * @return true where generation should stop
   */
  boolean isEndOfGeneration(int token);

  /**
   * The beginning-of-sequence token, or an encoder's {@code [CLS]}.
   *
   * @return its id, or empty where the vocabulary has none
   */
  OptionalInt bos();

  /**
   * The end-of-sequence token, or an encoder's {@code [SEP]}.
   *
   * @return its id, or empty where the vocabulary has none
   */
  OptionalInt eos();

  /**
   * The number of tokens.
   *
   * @return the vocabulary's size
   */
  int vocabularySize();

  /**
   * What people call it, for display: model and pre-tokenizer.
   *
   * @return such as {@code SentencePiece BPE (llama)} or {@code byte-level BPE (gpt2, pre
   *     deepseek-coder)}
   */
  String description();

  /**
   * Ids of all end-of-generation tokens.
   *
   * @return an unmodifiable list, smallest first
   */
  List<Integer> endOfGenerationTokens();
}

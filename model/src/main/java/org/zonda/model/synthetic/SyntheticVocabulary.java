package org.zonda.model.synthetic;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.zonda.model.gguf.MetadataBuilder;

/**
 * A byte-level BPE vocabulary of any size: the 256 bytes, a few merges, fillers, and at its end
 * Llama 3's block of 256 special tokens, in Llama 3's order and, where the size is Llama 3's, with
 * its ids. Every text can be encoded; nearly each byte becomes a token.
 *
 * <p>Sources: GPT-2's byte alphabet (Radford et al. 2019) and the special tokens that Meta
 * documents for Llama 3.
 */
final class SyntheticVocabulary {

  private static final int SPECIALS = 256;
  private static final int BEGIN_OF_TEXT = 0;
  private static final int END_OF_TURN = 9;

  /** The special tokens that have a name, by their place among the special tokens. */
  private static final Map<Integer, String> NAMED =
      Map.of(
          BEGIN_OF_TEXT,
          "<|begin_of_text|>",
          1,
          "<|end_of_text|>",
          6,
          "<|start_header_id|>",
          7,
          "<|end_header_id|>",
          8,
          "<|eom_id|>",
          END_OF_TURN,
          "<|eot_id|>");

  /** Frequent pairs of English, "Ġ" being the space; later ones build on earlier ones. */
  private static final List<String> MERGES =
      List.of("Ġ t", "h e", "Ġ a", "i n", "r e", "o n", "Ġt he", "e r", "Ġ s", "a t", "e n", "n d");

  /** {@code tokenizer.ggml.token_type}: an ordinary token. */
  private static final int NORMAL = 1;

  /** {@code tokenizer.ggml.token_type}: a token that stands for no text. */
  private static final int CONTROL = 3;

  private SyntheticVocabulary() {}

  /**
   * Describes the vocabulary.
   *
   * @param metadata receives {@code tokenizer.ggml.*}
   * @param size tokens, at least 1024
   */
  static void put(MetadataBuilder metadata, int size) {
    List<String> tokens = new ArrayList<>(size);
    for (int i = 0; i < 256; i++) {
      tokens.add(Character.toString(byteCharacter(i)));
    }
    for (String merge : MERGES) {
      tokens.add(merge.replace(" ", ""));
    }
    int firstSpecial = size - SPECIALS;
    while (tokens.size() < firstSpecial) {
      tokens.add("Ġfiller" + tokens.size());
    }
    for (int i = 0; i < SPECIALS; i++) {
      tokens.add(NAMED.getOrDefault(i, "<|reserved_special_token_" + i + "|>"));
    }
    int[] types = new int[size];
    Arrays.fill(types, NORMAL);
    Arrays.fill(types, firstSpecial, size, CONTROL);
    metadata
        .putString("tokenizer.ggml.model", "gpt2")
        .putString("tokenizer.ggml.pre", "llama-bpe")
        .putStrings("tokenizer.ggml.tokens", tokens)
        .putInts("tokenizer.ggml.token_type", types)
        .putStrings("tokenizer.ggml.merges", MERGES)
        .putUint32("tokenizer.ggml.bos_token_id", firstSpecial + BEGIN_OF_TEXT)
        .putUint32("tokenizer.ggml.eos_token_id", firstSpecial + END_OF_TURN)
        .putBoolean("tokenizer.ggml.add_bos_token", true);
  }

  /**
   * The i-th character of the alphabet: printable bytes as themselves, then the others moved up.
   */
  private static int byteCharacter(int index) {
    int printable = 0;
    for (int b = 0; b < 256; b++) {
      if (isPrintable(b) && printable++ == index) {
        return b;
      }
    }
    return 256 + index - printable;
  }

  private static boolean isPrintable(int b) {
    return b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
  }
}

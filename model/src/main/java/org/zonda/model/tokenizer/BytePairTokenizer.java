package org.zonda.model.tokenizer;

import java.nio.charset.StandardCharsets;

/**
 * Byte-level BPE (Sennrich et al. 2016, arXiv:1508.07909; bytes as in GPT-2, Radford et al. 2019),
 * {@code tokenizer.ggml.model} = {@code gpt2}: a pre-tokenizer cuts the text into words, and within
 * each word the earliest merge of the list is applied first.
 *
 * <p>Some vocabularies lack tokens of rare bytes; such bytes are left out of the tokens, as their
 * authors' tokenizers do.
 */
final class BytePairTokenizer extends VocabularyTokenizer {

  private final PreTokenizer preTokenizer;
  private final Merges merges;
  private final int[] byteTokens = new int[256];

  /**
   * Prepares the tokenizer.
   *
   * @param vocabulary pieces and merges
   * @param preTokenizer cuts the words
   */
  BytePairTokenizer(Vocabulary vocabulary, PreTokenizer preTokenizer) {
    super(vocabulary, PromptFrame.of(vocabulary, preTokenizer.addsBos(), preTokenizer.addsEos()));
    this.preTokenizer = preTokenizer;
    this.merges = new Merges(vocabulary);
    for (int value = 0; value < 256; value++) {
      byteTokens[value] = vocabulary.findMergeable(String.valueOf(ByteAlphabet.letter(value)));
    }
  }

  @Override
  public String description() {
    String declared = vocabulary.text("pre").orElse("default");
    String instead = declared.equals(preTokenizer.name()) ? "" : " instead of " + declared;
    return "byte-level BPE (gpt2, pre " + preTokenizer.name() + instead + ")";
  }

  @Override
  void encodeText(String text, IntList output) {
    Merger merger = new Merger();
    int start = 0;
    IntList ends = preTokenizer.split(text);
    for (int i = 0; i < ends.size(); i++) {
      byte[] word = text.substring(start, ends.get(i)).getBytes(StandardCharsets.UTF_8);
      start = ends.get(i);
      int whole =
          preTokenizer.ignoresMerges() ? vocabulary.findMergeable(ByteAlphabet.write(word)) : -1;
      if (whole >= 0) {
        output.add(whole);
      } else {
        merger.encode(word, output);
      }
    }
  }

  @Override
  byte[] textBytes(int token) {
    return ByteAlphabet.read(vocabulary.piece(token));
  }

  @Override
  boolean beginsWithPrefix(int token) {
    return false;
  }

  /** Symbols are tokens, at first one per byte; -1 for a byte that has none. */
  private final class Merger extends PairMerger {
    private int[] tokens = new int[64];

    void encode(byte[] word, IntList output) {
      if (tokens.length < word.length) {
        tokens = new int[word.length];
      }
      for (int i = 0; i < word.length; i++) {
        tokens[i] = byteTokens[word[i] & 0xFF];
      }
      run(word.length);
      for (int symbol = 0; symbol >= 0; symbol = next(symbol)) {
        if (tokens[symbol] >= 0) {
          output.add(tokens[symbol]);
        }
      }
    }

    @Override
    int rank(int left, int right) {
      return tokens[left] < 0 || tokens[right] < 0
          ? NONE
          : merges.rank(tokens[left], tokens[right]);
    }

    @Override
    void join(int left, int right) {
      tokens[left] = merges.merged(tokens[left], tokens[right]);
    }
  }
}

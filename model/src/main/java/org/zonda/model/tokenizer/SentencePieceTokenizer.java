package org.zonda.model.tokenizer;

import java.nio.charset.StandardCharsets;

/**
 * SentencePiece's BPE (Kudo and Richardson 2018, arXiv:1808.06226), {@code tokenizer.ggml.model} =
 * {@code llama}: no pre-tokenizer; a space is written {@code ▁}; of all neighbouring pieces whose
 * union is a piece, the one with the highest score is merged first.
 *
 * <p>A text at the beginning or after a special token gets a space in front ({@code
 * add_space_prefix}, true where absent). A character without a piece becomes its UTF-8 as byte
 * tokens; where the vocabulary lacks those, a run of such characters becomes one unknown token.
 */
final class SentencePieceTokenizer extends VocabularyTokenizer {

  /** What SentencePiece writes spaces with. */
  static final char SPACE = '\u2581';

  private final float[] scores;
  private final ByteFallback fallback;
  private final boolean spacePrefix;
  private final int longestPiece;

  SentencePieceTokenizer(Vocabulary vocabulary) {
    super(vocabulary, PromptFrame.of(vocabulary, true, false));
    this.scores = vocabulary.scores();
    this.spacePrefix = vocabulary.flag("add_space_prefix", true);
    this.fallback = new ByteFallback(vocabulary);
    int longest = 0;
    for (int token = 0; token < vocabulary.size(); token++) {
      if (vocabulary.type(token).isMergeable()) {
        longest = Math.max(longest, vocabulary.piece(token).length());
      }
    }
    this.longestPiece = longest;
  }

  @Override
  public String description() {
    return "SentencePiece BPE (llama)";
  }

  @Override
  void encodeText(String text, IntList output) {
    String escaped = (spacePrefix ? " " + text : text).replace(' ', SPACE);
    Merger merger = new Merger(escaped);
    merger.run(merger.symbols);
    boolean unknownRun = false;
    for (int symbol = 0; symbol >= 0; symbol = merger.next(symbol)) {
      String piece = merger.text(symbol, symbol);
      int token = vocabulary.findMergeable(piece);
      if (token >= 0) {
        output.add(token);
      }
      unknownRun = token < 0 && fallback.add(piece, unknownRun, output);
    }
  }

  @Override
  byte[] textBytes(int token) {
    return vocabulary.piece(token).replace(SPACE, ' ').getBytes(StandardCharsets.UTF_8);
  }

  @Override
  boolean beginsWithPrefix(int token) {
    TokenType type = vocabulary.type(token);
    return spacePrefix
        && (type == TokenType.NORMAL || type == TokenType.UNUSED)
        && vocabulary.piece(token).indexOf(SPACE) == 0;
  }

  /** Symbols are ranges of the text, at first one character each. */
  private final class Merger extends PairMerger {
    private final String text;
    private final int[] starts;
    private final int[] ends;
    private final int symbols;

    Merger(String text) {
      this.text = text;
      this.starts = new int[text.length()];
      this.ends = new int[text.length()];
      int count = 0;
      for (int i = 0; i < text.length(); i = ends[count++]) {
        starts[count] = i;
        ends[count] = i + Character.charCount(text.codePointAt(i));
      }
      this.symbols = count;
    }

    String text(int first, int last) {
      return text.substring(starts[first], ends[last]);
    }

    @Override
    int rank(int left, int right) {
      if (ends[right] - starts[left] > longestPiece) {
        return NONE;
      }
      int token = vocabulary.findMergeable(text(left, right));
      return token < 0 ? NONE : descending(scores[token]);
    }

    @Override
    void join(int left, int right) {
      ends[left] = ends[right];
    }
  }

  /** An int that is smaller for a higher score. Adding zero makes the two zeros one. */
  private static int descending(float score) {
    int bits = Float.floatToIntBits(score + 0.0f);
    return ~(bits >= 0 ? bits : bits ^ Integer.MAX_VALUE);
  }
}

package org.zonda.model.tokenizer;

import java.nio.charset.StandardCharsets;
import org.zonda.model.ZondaException;

/**
 * WordPiece as BERT has it (Devlin et al. 2018, arXiv:1810.04805), {@code tokenizer.ggml.model} =
 * {@code bert}: each word is cut from left to right into the longest pieces that the vocabulary
 * has; a word that cannot be cut so, or has more than 100 characters, is one unknown token.
 *
 * <p>GGUF files mark the pieces that begin a word with {@code ▁}, and leave those that continue one
 * bare. Whether the model knows upper case is what {@code tokenizer.ggml.normalizer.lowercase}
 * says; where it is absent, what the vocabulary says: one in which more than one of a hundred
 * pieces is a word with capital letters knows upper case. Accents go with upper case, unless {@code
 * tokenizer.ggml.normalizer.strip_accents} says otherwise.
 *
 * <p>Decoding cannot bring back what was cleaned away: it gives the words with a space between,
 * punctuation marks too.
 */
final class WordPieceTokenizer extends VocabularyTokenizer {

  private static final char WORD_START = SentencePieceTokenizer.SPACE;

  /** BERT's own limit. */
  private static final int LONGEST_WORD = 100;

  private final PieceTrie pieces;
  private final int wordStart;
  private final int unknown;
  private final BertWords words;

  WordPieceTokenizer(Vocabulary vocabulary) {
    super(vocabulary, PromptFrame.ofEncoder(vocabulary));
    this.unknown = unknown(vocabulary);
    this.pieces = new PieceTrie(vocabulary.label());
    int capitalised = 0;
    for (int token = 0; token < vocabulary.size(); token++) {
      String piece = vocabulary.piece(token);
      if (vocabulary.type(token).isMergeable() && !piece.isEmpty()) {
        pieces.add(piece, token);
        capitalised += isCapitalised(piece) ? 1 : 0;
      }
    }
    this.wordStart = pieces.child(PieceTrie.ROOT, WORD_START);
    if (wordStart == PieceTrie.NONE) {
      throw new ZondaException(
          vocabulary.label()
              + ": no token begins with '\u2581'; expected so of the pieces that begin a word");
    }
    boolean lowerCase =
        vocabulary.flag("normalizer.lowercase", capitalised <= vocabulary.size() / 100);
    this.words = new BertWords(lowerCase, vocabulary.flag("normalizer.strip_accents", lowerCase));
  }

  private static int unknown(Vocabulary vocabulary) {
    return vocabulary
        .unknown()
        .orElseGet(
            () ->
                vocabulary
                    .find("[UNK]")
                    .orElseThrow(
                        () ->
                            new ZondaException(
                                vocabulary.label()
                                    + ": the vocabulary has no unknown token; expected"
                                    + " tokenizer.ggml.unknown_token_id or a token [UNK]")));
  }

  /** Whether a piece is a word with a capital letter; names in brackets are none. */
  private static boolean isCapitalised(String piece) {
    int start = piece.charAt(0) == WORD_START ? 1 : 0;
    boolean capital = false;
    for (int i = start; i < piece.length(); i++) {
      if (!Character.isLetter(piece.charAt(i))) {
        return false;
      }
      capital |= Character.isUpperCase(piece.charAt(i));
    }
    return capital;
  }

  @Override
  public String description() {
    return "WordPiece (bert, %s)".formatted(words.lowerCase() ? "lower case" : "cased");
  }

  @Override
  void encodeText(String text, IntList output) {
    IntList tokens = new IntList();
    words.split(
        text,
        word -> {
          tokens.clear();
          if (word.codePoints().limit(LONGEST_WORD + 1).count() <= LONGEST_WORD
              && cut(word, tokens)) {
            for (int i = 0; i < tokens.size(); i++) {
              output.add(tokens.get(i));
            }
          } else {
            output.add(unknown);
          }
        });
  }

  /** Cuts a word into the longest pieces; false where it comes to a place that none fits. */
  private boolean cut(CharSequence word, IntList tokens) {
    int node = wordStart;
    for (int start = 0; start < word.length(); node = PieceTrie.ROOT) {
      int token = PieceTrie.NONE;
      int end = start;
      for (int i = start; i < word.length() && node != PieceTrie.NONE; i++) {
        node = pieces.child(node, word.charAt(i));
        if (node != PieceTrie.NONE && pieces.token(node) != PieceTrie.NONE) {
          token = pieces.token(node);
          end = i + 1;
        }
      }
      if (token == PieceTrie.NONE) {
        return false;
      }
      tokens.add(token);
      start = end;
    }
    return true;
  }

  @Override
  byte[] textBytes(int token) {
    String piece = vocabulary.piece(token);
    String text = beginsWithPrefix(token) ? ' ' + piece.substring(1) : piece;
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  boolean beginsWithPrefix(int token) {
    TokenType type = vocabulary.type(token);
    return (type == TokenType.NORMAL || type == TokenType.UNUSED)
        && vocabulary.piece(token).indexOf(WORD_START) == 0;
  }
}

package org.zonda.model.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * SentencePiece's unigram language model (Kudo 2018, arXiv:1804.10959), {@code
 * tokenizer.ggml.model} = {@code t5}: of all ways to cut the normalised text into pieces, the one
 * whose scores have the greatest sum, found by dynamic programming (Viterbi). A character without a
 * piece scores 10 less than the worst piece, and becomes its UTF-8 as byte tokens, or unknown.
 *
 * <p>The metadata's {@code precompiled_charsmap}, {@code remove_extra_whitespaces} (false where
 * absent), {@code add_space_prefix} and {@code escape_whitespaces} (true where absent) say how the
 * text is normalised, each stretch between special tokens for itself. Pieces that are typed unused
 * are not used.
 */
final class UnigramTokenizer extends VocabularyTokenizer {

  private static final float UNKNOWN_PENALTY = 10;

  /** What SentencePiece gives user-defined pieces, so that they win over any that are learnt. */
  private static final float USER_DEFINED_SCORE = -0.1f;

  private final float[] scores;
  private final float unknownScore;
  private final PieceTrie pieces;
  private final ByteFallback fallback;
  private final SentencePieceNormalizer normalizer;

  UnigramTokenizer(Vocabulary vocabulary) {
    super(vocabulary, PromptFrame.of(vocabulary, false, true));
    this.scores = vocabulary.scores();
    this.pieces = new PieceTrie(vocabulary.label());
    this.fallback = new ByteFallback(vocabulary);
    float worst = Float.MAX_VALUE;
    for (int token = 0; token < vocabulary.size(); token++) {
      TokenType type = vocabulary.type(token);
      boolean used = type == TokenType.NORMAL || type == TokenType.USER_DEFINED;
      if (used && !vocabulary.piece(token).isEmpty()) {
        pieces.add(vocabulary.piece(token), token);
      }
      if (type == TokenType.NORMAL) {
        worst = Math.min(worst, scores[token]);
      }
    }
    this.unknownScore = worst - UNKNOWN_PENALTY;
    Optional<CharsMap> charsMap =
        vocabulary
            .bytes("precompiled_charsmap")
            .filter(bytes -> bytes.length > 0)
            .map(bytes -> new CharsMap(bytes, vocabulary.label()));
    this.normalizer =
        new SentencePieceNormalizer(
            charsMap,
            vocabulary.flag("remove_extra_whitespaces", false),
            vocabulary.flag("add_space_prefix", true),
            vocabulary.flag("escape_whitespaces", true));
  }

  @Override
  public String description() {
    return "SentencePiece unigram (t5)";
  }

  @Override
  void encodeText(String text, IntList output) {
    String normal = normalizer.normalise(text);
    int[] starts = new int[normal.length() + 1];
    int[] tokens = new int[normal.length() + 1];
    search(normal, starts, tokens);
    IntList ends = new IntList();
    for (int end = normal.length(); end > 0; end = starts[end]) {
      ends.add(end);
    }
    boolean unknownRun = false;
    for (int i = ends.size() - 1; i >= 0; i--) {
      int end = ends.get(i);
      if (tokens[end] >= 0) {
        output.add(tokens[end]);
        unknownRun = false;
      } else {
        unknownRun = fallback.add(normal.substring(starts[end], end), unknownRun, output);
      }
    }
  }

  /**
   * Finds the best piece that ends at each place of a text.
   *
   * @param text normalised
   * @param starts where it begins
   * @param tokens its token, or -1 for a character without one
   */
  private void search(String text, int[] starts, int[] tokens) {
    float[] sums = new float[text.length() + 1];
    Arrays.fill(starts, -1);
    for (int start = 0; start < text.length(); ) {
      float sum = sums[start];
      int next = start + Character.charCount(text.codePointAt(start));
      boolean single = false;
      int node = PieceTrie.ROOT;
      for (int i = start; i < text.length(); i++) {
        node = pieces.child(node, text.charAt(i));
        if (node == PieceTrie.NONE) {
          break;
        }
        int token = pieces.token(node);
        if (token != PieceTrie.NONE) {
          single |= i + 1 == next;
          relax(i + 1, start, token, sum + score(token), sums, starts, tokens);
        }
      }
      if (!single) {
        relax(next, start, PieceTrie.NONE, sum + unknownScore, sums, starts, tokens);
      }
      start = next;
    }
  }

  private float score(int token) {
    return vocabulary.type(token) == TokenType.USER_DEFINED ? USER_DEFINED_SCORE : scores[token];
  }

  /** Sums are floats, as in SentencePiece, so that equal ones are decided alike: for the first. */
  private static void relax(
      int end, int start, int token, float sum, float[] sums, int[] starts, int[] tokens) {
    if (starts[end] < 0 || sum > sums[end]) {
      sums[end] = sum;
      starts[end] = start;
      tokens[end] = token;
    }
  }

  @Override
  byte[] textBytes(int token) {
    return vocabulary
        .piece(token)
        .replace(SentencePieceTokenizer.SPACE, ' ')
        .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  boolean beginsWithPrefix(int token) {
    TokenType type = vocabulary.type(token);
    return normalizer.spacePrefix()
        && (type == TokenType.NORMAL || type == TokenType.UNUSED)
        && vocabulary.piece(token).indexOf(SentencePieceTokenizer.SPACE) == 0;
  }
}

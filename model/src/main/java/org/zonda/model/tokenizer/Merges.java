package org.zonda.model.tokenizer;

import java.util.List;
import org.zonda.model.ZondaException;

/**
 * The merges of a BPE vocabulary by their two tokens: a hash table with open addressing, since a
 * long text asks it several times per byte.
 */
final class Merges {

  /** {@code left << 32 | right}, or -1 for a free place. */
  private final long[] pairs;

  private final int[] ranks;

  /** The token that each merge makes, by rank. */
  private final int[] merged;

  private final int mask;

  /**
   * Reads a vocabulary's merges.
   *
   * @param vocabulary the vocabulary
   * @throws ZondaException if they are missing, one is malformed, or one names an unknown piece
   */
  Merges(Vocabulary vocabulary) {
    List<String> lines = vocabulary.merges();
    int capacity = Math.max(16, Integer.highestOneBit(Math.max(1, lines.size())) << 2);
    this.pairs = new long[capacity];
    java.util.Arrays.fill(pairs, -1);
    this.ranks = new int[capacity];
    this.merged = new int[lines.size()];
    this.mask = capacity - 1;
    for (int rank = 0; rank < lines.size(); rank++) {
      String line = lines.get(rank);
      // Pieces contain no space; the first char may not be the separator.
      int space = line.indexOf(' ', 1);
      if (space < 0 || space == line.length() - 1) {
        throw fault(vocabulary, rank, line, "expected two pieces with a space between");
      }
      String left = line.substring(0, space);
      String right = line.substring(space + 1);
      merged[rank] = token(vocabulary, rank, line, left + right);
      put(token(vocabulary, rank, line, left), token(vocabulary, rank, line, right), rank);
    }
  }

  private static int token(Vocabulary vocabulary, int rank, String line, String piece) {
    int token = vocabulary.findMergeable(piece);
    if (token < 0) {
      throw fault(vocabulary, rank, line, "the vocabulary has no text token '" + piece + "'");
    }
    return token;
  }

  private static ZondaException fault(Vocabulary vocabulary, int rank, String line, String what) {
    return new ZondaException(
        "%s: tokenizer.ggml.merges[%d] is '%s': %s"
            .formatted(vocabulary.label(), rank, line, what));
  }

  private void put(int left, int right, int rank) {
    long pair = pair(left, right);
    int place = place(pair);
    // A pair that is listed twice keeps its better rank.
    if (pairs[place] < 0) {
      pairs[place] = pair;
      ranks[place] = rank;
    }
  }

  /** The rank of a pair, or {@link PairMerger#NONE}. */
  int rank(int left, int right) {
    int place = place(pair(left, right));
    return pairs[place] < 0 ? PairMerger.NONE : ranks[place];
  }

  /** The token that a pair merges to; the pair must have a rank. */
  int merged(int left, int right) {
    return merged[ranks[place(pair(left, right))]];
  }

  private static long pair(int left, int right) {
    return (long) left << 32 | right;
  }

  /** Where a pair is or would be. */
  private int place(long pair) {
    long mixed = pair * 0x9E37_79B9_7F4A_7C15L;
    int place = (int) (mixed >>> 32) & mask;
    while (pairs[place] >= 0 && pairs[place] != pair) {
      place = place + 1 & mask;
    }
    return place;
  }
}

package org.zonda.model.tokenizer;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Finds the names of special tokens in a text: control, unknown and user-defined ones where they
 * are parsed, only user-defined ones where they are not. Where matches overlap, the longest wins,
 * then the leftmost (the order of llama.cpp). Names are searched by halving, so that thousands of
 * them cost no more than a few on a long text.
 */
final class SpecialTokens {

  /**
   * A special token in a text.
   *
   * @param start index of its first char
   * @param end index after its last
   * @param token its id
   */
  record Match(int start, int end, int token) {
    int length() {
      return end - start;
    }
  }

  /**
   * A name and its tokens.
   *
   * @param text as the vocabulary writes it
   * @param token the first token of that name
   * @param userDefined the first user-defined one, or -1
   */
  private record Name(String text, int token, int userDefined) {}

  private static final Comparator<Match> LONGEST_THEN_LEFTMOST =
      Comparator.comparingInt(Match::length).reversed().thenComparingInt(Match::start);

  /** In the order of their chars, so that names that begin alike are neighbours. */
  private final Name[] names;

  /** The chars that a name can begin with: most positions of a text are done with this. */
  private final BitSet firstChars = new BitSet();

  SpecialTokens(Vocabulary vocabulary) {
    SortedMap<String, Name> sorted = new TreeMap<>();
    for (int token = 0; token < vocabulary.size(); token++) {
      TokenType type = vocabulary.type(token);
      boolean userDefined = type == TokenType.USER_DEFINED;
      boolean special = userDefined || type == TokenType.CONTROL || type == TokenType.UNKNOWN;
      String text = vocabulary.piece(token);
      if (special && !text.isEmpty()) {
        sorted.merge(text, new Name(text, token, userDefined ? token : -1), SpecialTokens::join);
        firstChars.set(text.charAt(0));
      }
    }
    this.names = sorted.values().toArray(Name[]::new);
  }

  private static Name join(Name first, Name second) {
    return first.userDefined >= 0 ? first : new Name(first.text, first.token, second.userDefined);
  }

  /**
   * Finds the special tokens of a text.
   *
   * @param text any text
   * @param parseAll whether control and unknown tokens count, besides user-defined ones
   * @return matches from left to right, none overlapping
   */
  List<Match> find(String text, boolean parseAll) {
    List<Match> candidates = new ArrayList<>();
    for (int start = 0; start < text.length(); start++) {
      if (firstChars.get(text.charAt(start))) {
        addMatchesAt(start, text, parseAll, candidates);
      }
    }
    boolean overlap = false;
    for (int i = 1; i < candidates.size(); i++) {
      overlap |= candidates.get(i).start < candidates.get(i - 1).end;
    }
    return overlap ? choose(candidates) : candidates;
  }

  /** Narrows the range of names that go on as the text does, char by char. */
  private void addMatchesAt(int start, String text, boolean parseAll, List<Match> candidates) {
    int from = 0;
    int to = names.length;
    for (int end = start; end < text.length(); ) {
      int offset = end - start;
      char c = text.charAt(end++);
      from = firstAtLeast(c, offset, from, to);
      to = firstAtLeast(c + 1, offset, from, to);
      if (from == to) {
        return;
      }
      // The shortest of names that begin alike comes first.
      if (names[from].text.length() == offset + 1) {
        int token = parseAll ? names[from].token : names[from].userDefined;
        if (token >= 0) {
          candidates.add(new Match(start, end, token));
        }
        from++;
      }
    }
  }

  /** The first name in a range whose char at an offset is at least a value. */
  private int firstAtLeast(int value, int offset, int from, int to) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (names[middle].text.charAt(offset) < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static List<Match> choose(List<Match> candidates) {
    candidates.sort(LONGEST_THEN_LEFTMOST);
    List<Match> chosen = new ArrayList<>();
    BitSet taken = new BitSet();
    for (Match match : candidates) {
      int next = taken.nextSetBit(match.start());
      if (next < 0 || next >= match.end()) {
        taken.set(match.start(), match.end());
        chosen.add(match);
      }
    }
    chosen.sort(Comparator.comparingInt(Match::start));
    return chosen;
  }
}

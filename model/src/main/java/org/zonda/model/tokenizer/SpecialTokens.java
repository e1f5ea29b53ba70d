package org.zonda.model.tokenizer;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the names of special tokens in a text: control, unknown and user-defined ones where they
 * are parsed, only user-defined ones where they are not. Where matches overlap, the longest wins,
 * then the leftmost (the order of llama.cpp). A trie keeps it linear in the text for any number of
 * tokens.
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

  private static final class Node {
    final Map<Character, Node> children = new HashMap<>(4);
    int token = -1;
    int userDefined = -1;
  }

  private static final Comparator<Match> LONGEST_THEN_LEFTMOST =
      Comparator.comparingInt(Match::length).reversed().thenComparingInt(Match::start);

  private final Node root = new Node();

  /** The chars that a match can begin with: most positions of a text are done with this. */
  private final BitSet firstChars = new BitSet();

  SpecialTokens(Vocabulary vocabulary) {
    for (int token = 0; token < vocabulary.size(); token++) {
      TokenType type = vocabulary.type(token);
      boolean special =
          type == TokenType.CONTROL || type == TokenType.UNKNOWN || type == TokenType.USER_DEFINED;
      if (special && !vocabulary.piece(token).isEmpty()) {
        add(vocabulary.piece(token), token, type == TokenType.USER_DEFINED);
      }
    }
  }

  private void add(String name, int token, boolean userDefined) {
    firstChars.set(name.charAt(0));
    Node node = root;
    for (int i = 0; i < name.length(); i++) {
      node = node.children.computeIfAbsent(name.charAt(i), c -> new Node());
    }
    if (node.token < 0) {
      node.token = token;
    }
    if (userDefined && node.userDefined < 0) {
      node.userDefined = token;
    }
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
    boolean overlap = false;
    int covered = 0;
    for (int start = 0; start < text.length(); start++) {
      if (!firstChars.get(text.charAt(start))) {
        continue;
      }
      Node node = root.children.get(text.charAt(start));
      for (int end = start + 1; node != null; end++) {
        int token = parseAll ? node.token : node.userDefined;
        if (token >= 0) {
          candidates.add(new Match(start, end, token));
          overlap |= start < covered;
          covered = Math.max(covered, end);
        }
        node = end < text.length() ? node.children.get(text.charAt(end)) : null;
      }
    }
    return overlap ? choose(candidates) : candidates;
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

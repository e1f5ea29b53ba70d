package org.zonda.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class PieceTrieTest {

  /** The token of exactly this piece. */
  private static int token(PieceTrie trie, String piece) {
    int node = PieceTrie.ROOT;
    for (int i = 0; i < piece.length() && node != PieceTrie.NONE; i++) {
      node = trie.child(node, piece.charAt(i));
    }
    return node == PieceTrie.NONE ? PieceTrie.NONE : trie.token(node);
  }

  @Property(tries = 300)
  void isAMapOfItsPieces(
      @ForAll @Size(max = 200)
          List<@NotEmpty @StringLength(max = 6) @CharRange(from = 'a', to = 'd') String> pieces,
      @ForAll @Size(max = 50)
          List<@NotEmpty @StringLength(max = 6) @CharRange(from = 'a', to = 'e') String> others) {
    PieceTrie trie = new PieceTrie();
    Map<String, Integer> map = new HashMap<>();
    for (int i = 0; i < pieces.size(); i++) {
      trie.add(pieces.get(i), i);
      map.putIfAbsent(pieces.get(i), i);
    }
    map.forEach((piece, token) -> assertThat(token(trie, piece)).isEqualTo(token));
    for (String other : others) {
      assertThat(token(trie, other)).isEqualTo(map.getOrDefault(other, PieceTrie.NONE));
    }
  }

  @Test
  void growsToManyPieces() {
    PieceTrie trie = new PieceTrie();
    for (int i = 0; i < 100_000; i++) {
      trie.add(Integer.toString(i, 36) + "\uD83D\uDE80", i);
    }
    for (int i = 0; i < 100_000; i++) {
      assertThat(token(trie, Integer.toString(i, 36) + "\uD83D\uDE80")).isEqualTo(i);
    }
    assertThat(token(trie, "zzz")).isEqualTo(PieceTrie.NONE);
  }
}

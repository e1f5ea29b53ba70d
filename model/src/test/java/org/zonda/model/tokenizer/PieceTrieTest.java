package org.zonda.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.zonda.model.ZondaException;

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
    PieceTrie trie = new PieceTrie("test.gguf");
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
    PieceTrie trie = new PieceTrie("test.gguf");
    for (int i = 0; i < 100_000; i++) {
      trie.add(Integer.toString(i, 36) + "\uD83D\uDE80", i);
    }
    for (int i = 0; i < 100_000; i++) {
      assertThat(token(trie, Integer.toString(i, 36) + "\uD83D\uDE80")).isEqualTo(i);
    }
    assertThat(token(trie, "zzz")).isEqualTo(PieceTrie.NONE);
  }

  /**
   * One long piece, chosen against a hash that a file's author knows: multiplied by the golden
   * ratio, its edges would all begin their search at the same place of a table of 16384.
   */
  @Test
  void noPiecesCrowdTheTable() {
    StringBuilder piece = new StringBuilder();
    for (int node = 0; node < 5000; node++) {
      long edge = (long) node << 16;
      while (edge >>> 16 == node && ((edge * 0x9E37_79B9_7F4A_7C15L) >>> 32 & 0x3FFF) != 0) {
        edge++;
      }
      piece.append((char) edge);
    }
    PieceTrie trie = new PieceTrie("test.gguf");
    trie.add(piece.toString(), 7);
    assertThat(token(trie, piece.toString())).isEqualTo(7);
    assertThat(trie.longestSearch()).isBetween(1, 200);
  }

  @Test
  void moreNodesThanTheTablesHoldAreRefused() {
    PieceTrie trie = new PieceTrie("test.gguf", 4);
    trie.add("abc", 1);
    trie.add("ab", 2);
    assertThatThrownBy(() -> trie.add("ad", 3))
        .isInstanceOf(ZondaException.class)
        .hasMessage(
            "test.gguf: tokenizer.ggml.tokens has more than 3 different beginnings of pieces;"
                + " expected at most 3");
    assertThat(token(trie, "abc")).isEqualTo(1);
    assertThat(token(trie, "ab")).isEqualTo(2);
  }
}

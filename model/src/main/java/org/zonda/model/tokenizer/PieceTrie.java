package org.zonda.model.tokenizer;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import org.zonda.model.ZondaException;

/**
 * Pieces by their chars, to be walked as a text goes on: finds all pieces that begin at a position
 * in one pass. The edges are one hash table with open addressing, since the pieces of a large
 * vocabulary have a million of them. Where an edge lies depends on a random seed, so that no file
 * can choose pieces whose edges crowd together; what is found does not. Built by one thread, then
 * read by any.
 */
final class PieceTrie {

  /** The node where every piece begins. */
  static final int ROOT = 0;

  /** No node, or no token. */
  static final int NONE = -1;

  /** Beyond any vocabulary, small enough that the tables' sizes stay far inside an int. */
  private static final int MOST_NODES = 1 << 26;

  private final String label;
  private final int mostNodes;
  private final long seed = ThreadLocalRandom.current().nextLong();

  /** {@code node << 16 | char}, or -1 for a free place. */
  private long[] edges = new long[64];

  private int[] targets = new int[64];
  private int[] tokens = new int[32];
  private int nodes = 1;

  /**
   * An empty trie.
   *
   * @param label what error messages call the model
   */
  PieceTrie(String label) {
    this(label, MOST_NODES);
  }

  /** An empty trie that grows to so many nodes, the root among them. */
  PieceTrie(String label, int mostNodes) {
    this.label = label;
    this.mostNodes = mostNodes;
    Arrays.fill(edges, -1);
    Arrays.fill(tokens, NONE);
  }

  /**
   * Adds a piece; of equal pieces, the first stays.
   *
   * @param piece not empty
   * @param token its token
   * @throws ZondaException if the pieces are too many
   */
  void add(String piece, int token) {
    int node = ROOT;
    for (int i = 0; i < piece.length(); i++) {
      int next = child(node, piece.charAt(i));
      node = next == NONE ? grow(node, piece.charAt(i)) : next;
    }
    if (tokens[node] == NONE) {
      tokens[node] = token;
    }
  }

  /** The node after a char, or {@link #NONE} where no piece goes on so. */
  int child(int node, char c) {
    long edge = edge(node, c);
    int place = place(edge);
    return edges[place] == edge ? targets[place] : NONE;
  }

  /** The token whose piece ends at a node, or {@link #NONE}. */
  int token(int node) {
    return tokens[node];
  }

  /** How many places the slowest search for an edge looks at; few, whatever the pieces. */
  int longestSearch() {
    int mask = edges.length - 1;
    int longest = 0;
    for (int place = 0; place < edges.length; place++) {
      if (edges[place] >= 0) {
        longest = Math.max(longest, (place - home(edges[place]) & mask) + 1);
      }
    }
    return longest;
  }

  private int grow(int node, char c) {
    if (nodes == mostNodes) {
      throw new ZondaException(
          "%s: tokenizer.ggml.tokens has more than %d different beginnings of pieces; expected at most %d"
              .formatted(label, mostNodes - 1, mostNodes - 1));
    }
    if (2 * (nodes + 1) > edges.length) {
      rehash();
    }
    if (nodes == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * nodes);
      Arrays.fill(tokens, nodes, tokens.length, NONE);
    }
    put(edge(node, c), nodes);
    return nodes++;
  }

  private void rehash() {
    long[] oldEdges = edges;
    int[] oldTargets = targets;
    edges = new long[2 * oldEdges.length];
    targets = new int[2 * oldEdges.length];
    Arrays.fill(edges, -1);
    for (int i = 0; i < oldEdges.length; i++) {
      if (oldEdges[i] >= 0) {
        put(oldEdges[i], oldTargets[i]);
      }
    }
  }

  private void put(long edge, int target) {
    int place = place(edge);
    edges[place] = edge;
    targets[place] = target;
  }

  private static long edge(int node, char c) {
    return (long) node << 16 | c;
  }

  /** Where an edge is or would be. */
  private int place(long edge) {
    int mask = edges.length - 1;
    int place = home(edge);
    while (edges[place] >= 0 && edges[place] != edge) {
      place = place + 1 & mask;
    }
    return place;
  }

  /** Where the search for an edge begins: the bits mixed as MurmurHash3 does at its end. */
  private int home(long edge) {
    long hash = edge ^ seed;
    hash = (hash ^ hash >>> 33) * 0xFF51_AFD7_ED55_8CCDL;
    hash = (hash ^ hash >>> 33) * 0xC4CE_B9FE_1A85_EC53L;
    return (int) (hash ^ hash >>> 33) & edges.length - 1;
  }
}

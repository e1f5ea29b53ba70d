package org.zonda.model.tokenizer;

import java.util.Arrays;

/**
 * Pieces by their chars, to be walked as a text goes on: finds all pieces that begin at a position
 * in one pass. The edges are one hash table with open addressing, since the pieces of a large
 * vocabulary have a million of them. Built by one thread, then read by any.
 */
final class PieceTrie {

  /** The node where every piece begins. */
  static final int ROOT = 0;

  /** No node, or no token. */
  static final int NONE = -1;

  /** {@code node << 16 | char}, or -1 for a free place. */
  private long[] edges = new long[64];

  private int[] targets = new int[64];
  private int[] tokens = new int[32];
  private int nodes = 1;

  PieceTrie() {
    Arrays.fill(edges, -1);
    Arrays.fill(tokens, NONE);
  }

  /**
   * Adds a piece; of equal pieces, the first stays.
   *
   * @param piece not empty
   * @param token its token
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

  private int grow(int node, char c) {
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
    int place = (int) ((edge * 0x9E37_79B9_7F4A_7C15L) >>> 32) & mask;
    while (edges[place] >= 0 && edges[place] != edge) {
      place = place + 1 & mask;
    }
    return place;
  }
}

package org.zonda.model.tokenizer;

import java.util.Arrays;

/**
 * Merges adjacent symbols, the best pair first and the leftmost of equals, until no pair is left:
 * the loop that SentencePiece-style and byte-level BPE share. A priority queue makes it O(n log n).
 *
 * <p>Symbols are numbered from left to right; a merged pair keeps the number of its left half. One
 * thread; may be run again for the next word.
 */
abstract class PairMerger {

  /** The rank of a pair that does not merge. */
  static final int NONE = Integer.MAX_VALUE;

  private int[] next = new int[0];
  private int[] previous = new int[0];

  /** The rank of the pair that begins at a symbol, so that outdated queue entries show. */
  private int[] ranks = new int[0];

  /** A binary min-heap of rank (high half, signed) and left symbol (low half). */
  private long[] heap = new long[64];

  private int heapSize;

  /**
   * Ranks a pair of neighbours.
   *
   * @param left the left symbol
   * @param right the right symbol
   * @return smaller for better, or {@link #NONE}
   */
  abstract int rank(int left, int right);

  /**
   * Makes the left symbol stand for both.
   *
   * @param left the symbol that stays
   * @param right the symbol that ends
   */
  abstract void join(int left, int right);

  /**
   * Merges all that can be merged.
   *
   * @param symbols the number of symbols
   */
  final void run(int symbols) {
    if (next.length < symbols) {
      int capacity = Math.max(symbols, 64);
      next = new int[capacity];
      previous = new int[capacity];
      ranks = new int[capacity];
    }
    heapSize = 0;
    for (int i = 0; i < symbols; i++) {
      next[i] = i + 1 < symbols ? i + 1 : -1;
      previous[i] = i - 1;
    }
    for (int i = 0; i < symbols; i++) {
      consider(i);
    }
    while (heapSize > 0) {
      long entry = poll();
      int left = (int) entry;
      // An entry is outdated where its pair was merged away or became another. A pair that has the
      // same rank by now would be polled here anyway, so that the rank alone decides.
      if (ranks[left] != (int) (entry >> 32)) {
        continue;
      }
      int right = next[left];
      join(left, right);
      ranks[right] = NONE;
      next[left] = next[right];
      if (next[left] >= 0) {
        previous[next[left]] = left;
      }
      consider(left);
      if (previous[left] >= 0) {
        consider(previous[left]);
      }
    }
  }

  /**
   * The symbol after a symbol once all is merged.
   *
   * @param symbol a symbol that is left; the first is always 0
   * @return the next, or -1 after the last
   */
  final int next(int symbol) {
    return next[symbol];
  }

  private void consider(int left) {
    int right = next[left];
    ranks[left] = right < 0 ? NONE : rank(left, right);
    if (ranks[left] != NONE) {
      push(((long) ranks[left] << 32) | left);
    }
  }

  private void push(long entry) {
    if (heapSize == heap.length) {
      heap = Arrays.copyOf(heap, heapSize * 2);
    }
    int hole = heapSize++;
    while (hole > 0 && heap[(hole - 1) >>> 1] > entry) {
      heap[hole] = heap[(hole - 1) >>> 1];
      hole = (hole - 1) >>> 1;
    }
    heap[hole] = entry;
  }

  private long poll() {
    long first = heap[0];
    long last = heap[--heapSize];
    int hole = 0;
    while (2 * hole + 1 < heapSize) {
      int child = 2 * hole + 1;
      if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[child] >= last) {
        break;
      }
      heap[hole] = heap[child];
      hole = child;
    }
    heap[hole] = last;
    return first;
  }
}

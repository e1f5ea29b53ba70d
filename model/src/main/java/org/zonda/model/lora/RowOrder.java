package org.zonda.model.lora;

/**
 * Where a row of a GGUF tensor is found in the tensor of the published model that it was converted
 * from. Converters reorder the rows of some tensors; an adapter of the published model has to
 * follow, in the rows of its B.
 */
@FunctionalInterface
interface RowOrder {

  /** The rows stay where they are. */
  RowOrder SAME = row -> row;

  /**
   * The row of the published tensor.
   *
   * @param row of the GGUF tensor
   * @return from 0
   */
  int source(int row);

  /**
   * Rotated pairs that are published as two halves of a head and stored side by side: element i of
   * half j becomes 2i + j.
   *
   * @param headWidth rows of a head, an even number
   */
  static RowOrder adjacentPairs(int headWidth) {
    return row -> {
      int inHead = row % headWidth;
      return row - inHead + inHead % 2 * (headWidth / 2) + inHead / 2;
    };
  }

  /**
   * Query, key and value that are published head by head (each key head after the query heads that
   * read it, then its value head) and stored as all queries, all keys, all values.
   *
   * @param heads query heads
   * @param kvHeads key heads, a divisor of heads
   * @param headWidth rows of a head
   */
  static RowOrder fused(int heads, int kvHeads, int headWidth) {
    int shared = heads / kvHeads;
    return row -> {
      int head = row / headWidth;
      int group;
      int slot;
      if (head < heads) {
        group = head / shared;
        slot = head % shared;
      } else {
        int kv = head - heads;
        group = kv % kvHeads;
        slot = shared + kv / kvHeads;
      }
      return (group * (shared + 2) + slot) * headWidth + row % headWidth;
    };
  }
}

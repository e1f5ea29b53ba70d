package org.zonda.runtime.tornado;

import org.zonda.kernels.PassLayout;
import org.zonda.runtime.backend.Chunk;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** The array that tells kernels about a pass, as {@link PassLayout} lays it out. */
final class PassArray {

  private final IntArray array;
  private final int capacity;
  private final int maxPages;
  private final int[] ends;

  /**
   * Makes one.
   *
   * @param capacity most rows of a pass
   * @param maxPages most pages of a sequence
   * @param sequences how many there are
   */
  PassArray(int capacity, int maxPages, int sequences) {
    this.capacity = capacity;
    this.maxPages = maxPages;
    ends = new int[sequences];
    array = new IntArray(PassLayout.size(capacity, maxPages, sequences));
    array.init(0);
  }

  IntArray array() {
    return array;
  }

  int capacity() {
    return capacity;
  }

  /** Notes where a page of a sequence is. */
  void setPage(int sequence, int index, int page) {
    array.set(PassLayout.pages(capacity, maxPages, sequence) + index, page);
  }

  /**
   * Describes a chunk; the row that is wanted is its last.
   *
   * @param chunk at most as many rows as there is capacity for
   * @return its size
   */
  PassSize set(Chunk chunk) {
    int rows = chunk.rows();
    for (int row = 0; row < rows; row++) {
      array.set(PassLayout.tokens() + row, chunk.tokens()[row]);
      array.set(PassLayout.positions(capacity) + row, chunk.positions()[row]);
      array.set(PassLayout.sequences(capacity) + row, chunk.sequences()[row]);
      ends[chunk.sequences()[row]] = chunk.positions()[row] + 1;
    }
    for (int row = 0; row < rows; row++) {
      array.set(PassLayout.ends(capacity) + row, ends[chunk.sequences()[row]]);
    }
    int tiles = 0;
    for (int row = 0; row < rows; tiles++) {
      int end = chunk.runEnd(row, PassLayout.QUERY_TILE);
      int tile = PassLayout.tiles(capacity) + tiles * PassLayout.TILE_INTS;
      array.set(tile, row);
      array.set(tile + 1, end - row);
      row = end;
    }
    array.set(PassLayout.ROWS, rows);
    array.set(PassLayout.TILES, tiles);
    array.set(PassLayout.WANTED, 1);
    array.set(PassLayout.wanted(capacity), rows - 1);
    return new PassSize(rows, tiles);
  }

  /** Names the rows that are wanted, which are also all that the pass has: for the head. */
  void want(int[] rows, int from, int count) {
    for (int i = 0; i < count; i++) {
      array.set(PassLayout.wanted(capacity) + i, rows[from + i]);
    }
    array.set(PassLayout.ROWS, count);
    array.set(PassLayout.WANTED, count);
  }
}

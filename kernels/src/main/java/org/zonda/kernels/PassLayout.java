package org.zonda.kernels;

/**
 * Where everything lies in the {@code pass} array, the one array that goes to the device before
 * each pass: which rows the pass has, where each belongs, and where the cache pages are.
 *
 * <pre>
 *   index                      meaning
 *   0  {@link #ROWS}           R, rows of this pass
 *   1  {@link #WANTED}         W, rows whose logits are wanted
 *   2  {@link #TILES}          T, attention tiles
 *   3..7                       spare
 *   tokens()                   M token ids
 *   positions(M)               M positions within their sequences
 *   sequences(M)               M sequence slots
 *   wanted(M)                  M row numbers, W of them used
 *   tiles(M)                   M tiles of 3 ints: first row, row count, spare (0)
 *   ends(M)                    M numbers of positions that the rows' sequences have in the end
 *   pages(M, maxPages, s)      maxPages physical page numbers of sequence slot s
 * </pre>
 *
 * M, the capacity, is the most rows a pass may have and is constant for as long as the array lives.
 * A tile is a run of at most {@link #QUERY_TILE} rows that are consecutive positions of one
 * sequence. All methods may be used on the host and in kernels.
 */
public final class PassLayout {

  /** Index of R, the number of rows. */
  public static final int ROWS = 0;

  /** Index of W, the number of rows whose logits are wanted. */
  public static final int WANTED = 1;

  /** Index of T, the number of attention tiles. */
  public static final int TILES = 2;

  /** Ints before the first list. */
  public static final int HEADER = 8;

  /** Positions of one cache page. */
  public static final int PAGE = 64;

  /** Most rows of an attention tile. */
  public static final int QUERY_TILE = 16;

  /** Ints of one tile in the list: first row, row count, spare. */
  public static final int TILE_INTS = 3;

  private PassLayout() {}

  /** Index of the first token id. */
  public static int tokens() {
    return HEADER;
  }

  /** Index of the first position. */
  public static int positions(int capacity) {
    return HEADER + capacity;
  }

  /** Index of the first row's sequence slot. */
  public static int sequences(int capacity) {
    return HEADER + 2 * capacity;
  }

  /** Index of the first wanted row number. */
  public static int wanted(int capacity) {
    return HEADER + 3 * capacity;
  }

  /** Index of the first tile; tile t begins {@code t * TILE_INTS} further on. */
  public static int tiles(int capacity) {
    return HEADER + 4 * capacity;
  }

  /**
   * Index of the first row's end: the position after the last that its sequence has in this pass.
   */
  public static int ends(int capacity) {
    return HEADER + 7 * capacity;
  }

  /** Index of the first page number of a sequence slot. */
  public static int pages(int capacity, int maxPages, int sequence) {
    return HEADER + 8 * capacity + sequence * maxPages;
  }

  /** Ints of the whole array. */
  public static int size(int capacity, int maxPages, int sequences) {
    return pages(capacity, maxPages, sequences);
  }
}

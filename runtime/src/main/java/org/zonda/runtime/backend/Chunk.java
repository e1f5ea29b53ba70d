package org.zonda.runtime.backend;

/**
 * The rows of a batch that one pass through the layers takes. Within it, the rows of one sequence
 * stand in the order of their positions.
 *
 * @param tokens ids, one a row
 * @param sequences which sequence each row belongs to
 * @param positions each row's position in its sequence
 */
public record Chunk(int[] tokens, int[] sequences, int[] positions) {

  /**
   * Takes some rows of a batch.
   *
   * @param batch the batch
   * @param from the first row
   * @param to the row after the last
   * @return the rows
   */
  public static Chunk of(Batch batch, int from, int to) {
    int rows = to - from;
    Chunk chunk = new Chunk(new int[rows], new int[rows], new int[rows]);
    for (int i = 0; i < rows; i++) {
      chunk.tokens[i] = batch.token(from + i);
      chunk.sequences[i] = batch.sequence(from + i);
      chunk.positions[i] = batch.position(from + i);
    }
    return chunk;
  }

  /**
   * Some of its rows.
   *
   * @param rows their numbers
   * @param count how many of them count
   * @return the rows in that order
   */
  public Chunk select(int[] rows, int count) {
    Chunk selected = new Chunk(new int[count], new int[count], new int[count]);
    for (int i = 0; i < count; i++) {
      selected.tokens[i] = tokens[rows[i]];
      selected.sequences[i] = sequences[rows[i]];
      selected.positions[i] = positions[rows[i]];
    }
    return selected;
  }

  public int rows() {
    return tokens.length;
  }

  /**
   * The end of the run of consecutive positions of one sequence that begins at a row.
   *
   * @param first the row
   * @param most rows the run may have
   * @return the row after the run's last
   */
  public int runEnd(int first, int most) {
    int end = first + 1;
    while (end < rows()
        && end - first < most
        && sequences[end] == sequences[first]
        && positions[end] == positions[end - 1] + 1) {
      end++;
    }
    return end;
  }
}

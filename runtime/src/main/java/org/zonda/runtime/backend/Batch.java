package org.zonda.runtime.backend;

import java.util.Arrays;

/**
 * The tokens of one forward pass: a list of (sequence, token, position, wants logits). Prefill,
 * decode and many sequences at once are the same thing with different batches. Grows as needed and
 * can be cleared and filled again; one thread.
 *
 * <p>Within a batch, the tokens of one sequence must stand in the order of their positions, and
 * continue where that sequence's cache ends.
 */
public final class Batch {

  private int size;
  private int outputs;
  private int[] sequences = new int[16];
  private int[] tokens = new int[16];
  private int[] positions = new int[16];
  private boolean[] wanted = new boolean[16];

  /**
   * A batch of consecutive tokens of one sequence that wants the last one's logits.
   *
   * @param sequence the sequence
   * @param firstPosition position of the first token
   * @param tokens token ids
   * @return a new batch
   */
  public static Batch of(int sequence, int firstPosition, int... tokens) {
    Batch batch = new Batch();
    for (int i = 0; i < tokens.length; i++) {
      batch.add(sequence, tokens[i], firstPosition + i, i == tokens.length - 1);
    }
    return batch;
  }

  /**
   * Adds a token.
   *
   * @param sequence the sequence, from 0
   * @param token its id
   * @param position its position in the sequence, from 0
   * @param wantsLogits whether its logits are wanted
   * @return this batch
   */
  public Batch add(int sequence, int token, int position, boolean wantsLogits) {
    if (size == tokens.length) {
      sequences = Arrays.copyOf(sequences, 2 * size);
      tokens = Arrays.copyOf(tokens, 2 * size);
      positions = Arrays.copyOf(positions, 2 * size);
      wanted = Arrays.copyOf(wanted, 2 * size);
    }
    sequences[size] = sequence;
    tokens[size] = token;
    positions[size] = position;
    wanted[size] = wantsLogits;
    size++;
    outputs += wantsLogits ? 1 : 0;
    return this;
  }

  /** Empties the batch. */
  public void clear() {
    size = 0;
    outputs = 0;
  }

  public int size() {
    return size;
  }

  /**
   * How many rows of logits the batch wants.
   *
   * @return from 0 to {@code size()}
   */
  public int outputs() {
    return outputs;
  }

  public int sequence(int row) {
    return sequences[row];
  }

  public int token(int row) {
    return tokens[row];
  }

  public int position(int row) {
    return positions[row];
  }

  public boolean wantsLogits(int row) {
    return wanted[row];
  }
}

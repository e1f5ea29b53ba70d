package org.zonda.runtime.generation;

import java.util.Arrays;
import java.util.function.Consumer;
import org.zonda.runtime.backend.Batch;
import org.zonda.runtime.backend.Logits;
import org.zonda.runtime.backend.TopLogits;

/**
 * One sequence of the KV cache, with the tokens that are in it. One thread, except {@link #close},
 * which any may call.
 */
public final class Sequence implements AutoCloseable {

  /** The tokens of a pass whose logits are wanted. */
  public enum Wanted {
    NONE,
    LAST,
    ALL
  }

  private final SharedExecutor executor;
  private final int slot;
  private final Batch batch = new Batch();
  private int[] tokens = new int[64];
  private int length;

  /** Guarded by the executor's lock. */
  private boolean closed;

  Sequence(SharedExecutor executor, int slot) {
    this.executor = executor;
    this.slot = slot;
  }

  /**
   * The executor behind it.
   *
   * @return shared with other sequences
   */
  public SharedExecutor executor() {
    return executor;
  }

  /**
   * Tokens in the cache.
   *
   * @return the next token's position
   */
  public int length() {
    return length;
  }

  /**
   * Copies the tokens from a position on.
   *
   * @param from the first position
   * @return their ids
   */
  public int[] tokens(int from) {
    return Arrays.copyOfRange(tokens, from, length);
  }

  /**
   * How far other tokens are the same as those in the cache.
   *
   * @param others token ids
   * @return the length of the common prefix
   */
  public int commonPrefix(int[] others) {
    int mismatch = Arrays.mismatch(tokens, 0, length, others, 0, others.length);
    return mismatch < 0 ? length : mismatch;
  }

  /**
   * Forgets what comes after a position.
   *
   * @param newLength tokens to keep, at most {@link #length}
   */
  public void truncate(int newLength) {
    if (newLength < length) {
      executor.truncate(this, newLength);
      length = newLength;
    }
  }

  /**
   * Runs one pass over tokens that follow those in the cache.
   *
   * @param source token ids
   * @param from index of the first
   * @param to index behind the last
   * @param wanted whose logits are wanted
   * @param reader gets the logits; none where none are wanted
   * @return false if nothing was done since the sequence or the model is closed
   */
  public boolean append(int[] source, int from, int to, Wanted wanted, Consumer<Logits> reader) {
    fill(source, from, to, wanted);
    return executor.pass(this, model -> reader.accept(model.forward(batch)))
        && appended(source, from, to);
  }

  /**
   * Runs one pass as {@link #append} does, of which only the best logits are wanted.
   *
   * @param source token ids
   * @param from index of the first
   * @param to index behind the last
   * @param wanted whose logits are wanted
   * @param best how many, see {@link org.zonda.runtime.backend.Executor#top}
   * @param reader gets them
   * @return false if nothing was done since the sequence or the model is closed
   */
  public boolean appendTop(
      int[] source, int from, int to, Wanted wanted, int best, Consumer<TopLogits> reader) {
    fill(source, from, to, wanted);
    return executor.pass(this, model -> reader.accept(model.top(batch, best)))
        && appended(source, from, to);
  }

  private void fill(int[] source, int from, int to, Wanted wanted) {
    batch.clear();
    for (int i = from; i < to; i++) {
      boolean wants = wanted == Wanted.ALL || wanted == Wanted.LAST && i == to - 1;
      batch.add(slot, source[i], length + i - from, wants);
    }
  }

  private boolean appended(int[] source, int from, int to) {
    int count = to - from;
    if (length + count > tokens.length) {
      tokens = Arrays.copyOf(tokens, Math.max(2 * tokens.length, length + count));
    }
    System.arraycopy(source, from, tokens, length, count);
    length += count;
    return true;
  }

  /** Frees the sequence; a pass that runs ends first, later ones do nothing. */
  @Override
  public void close() {
    executor.release(this);
  }

  int slot() {
    return slot;
  }

  boolean isClosed() {
    return closed;
  }

  /** Returns whether it was open. */
  boolean markClosed() {
    boolean open = !closed;
    closed = true;
    return open;
  }
}

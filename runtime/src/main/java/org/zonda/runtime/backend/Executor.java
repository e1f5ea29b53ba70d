package org.zonda.runtime.backend;

import org.zonda.model.graph.Transformer;

/** A loaded model with its KV cache, which it alone owns. One thread at a time. */
public interface Executor extends AutoCloseable {

  Transformer transformer();

  ExecutorOptions options();

  /**
   * Runs a batch, appends its keys and values to the cache and returns the wanted logits.
   *
   * @param batch tokens, each at its sequence's next position
   * @return the logits, valid until the next call
   * @throws org.zonda.model.ZondaException if a position is beyond the context, a token beyond the
   *     vocabulary, or a position does not continue its sequence; the cache is as before then
   */
  Logits forward(Batch batch);

  /**
   * Runs a batch as {@link #forward} does, but returns each wanted row's best logits only: a device
   * then sends back a few numbers instead of the whole vocabulary's.
   *
   * @param batch tokens, each at its sequence's next position
   * @param best how many logits a row, from 1 to {@link TopLogits#MOST} and at most the
   *     vocabulary's size
   * @return the best, valid until the next call
   * @throws org.zonda.model.ZondaException as {@link #forward}
   */
  TopLogits top(Batch batch, int best);

  /**
   * The number of positions that a sequence has in the cache.
   *
   * @param sequence the sequence
   * @return the next token's position
   */
  int length(int sequence);

  /**
   * Shortens a sequence, so that it can be continued otherwise; 0 frees it.
   *
   * @param sequence the sequence
   * @param length positions to keep, at most {@link #length}
   */
  void truncate(int sequence, int length);

  /**
   * Lets an empty sequence begin as another does, without computing anything: both have the same
   * keys and values in common, each can be continued and shortened as if it were alone, and {@link
   * #cacheBytes} counts once what they share. Memory is copied where one of them writes into a
   * partly filled block that others have too, and not before it does.
   *
   * @param from a sequence that has at least so many positions
   * @param to an empty sequence
   * @param length how many positions they share; {@code to} has as many afterwards
   * @throws org.zonda.model.ZondaException if a sequence does not exist
   */
  void fork(int from, int to, int length);

  /**
   * Bytes the KV cache holds now.
   *
   * @return allocated bytes; what sequences share is counted once
   */
  long cacheBytes();

  @Override
  void close();
}

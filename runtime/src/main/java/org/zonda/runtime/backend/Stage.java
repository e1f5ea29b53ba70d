package org.zonda.runtime.backend;

/**
 * A part of a model on one device, with the keys and values of its own layers. A model runs in one
 * stage, or in two with only the hidden state crossing from the one to the other. The executor
 * checks batches, cuts them into chunks and keeps the sequences' lengths; a stage computes. One
 * thread at a time.
 */
public interface Stage extends AutoCloseable {

  /**
   * Where it runs what, for people.
   *
   * @return such as {@code layers 0 to 11 on CPU, 2 threads, 512-bit vectors}
   */
  String description();

  /**
   * Makes room in the KV cache for a sequence to grow.
   *
   * @param sequence the sequence
   * @param length positions it will have
   * @throws org.zonda.model.ZondaException if memory is short; the cache is as before then
   */
  void reserve(int sequence, int length);

  /**
   * Shortens a sequence; what was reserved beyond may be given to others.
   *
   * @param sequence the sequence
   * @param length positions to keep
   */
  void truncate(int sequence, int length);

  /**
   * Lets an empty sequence share the first keys and values of another. Where one of them is to
   * write into what they share, it is given its own copy by {@link #reserve}.
   *
   * @param from a sequence with at least so many positions
   * @param to an empty sequence
   * @param length positions they share
   */
  void fork(int from, int to, int length);

  /**
   * Runs rows through its layers and appends their keys and values to the cache.
   *
   * @param chunk the rows, at most {@link ExecutorOptions#batchSize()}; room for them is reserved
   * @param hidden the rows' hidden states, {@code rows x hiddenWidth}; ignored by a stage with the
   *     embedding
   */
  void run(Chunk chunk, float[] hidden);

  /**
   * Copies the hidden states of the last run.
   *
   * @param into {@code rows x hiddenWidth} floats
   */
  void hidden(float[] into);

  /**
   * Runs the head on some rows of the last run. Only for a stage with the head.
   *
   * @param rows row numbers in the last chunk, ascending
   * @param count how many of them count
   * @param into where {@code count x vocabularySize} logits go
   * @param offset index of the first
   */
  void logits(int[] rows, int count, float[] into, int offset);

  /**
   * Runs the head on some rows of the last run and keeps each row's best logits only. Only for a
   * stage with the head.
   *
   * @param rows row numbers in the last chunk, ascending
   * @param count how many of them count
   * @param best how many logits a row, at most {@link TopLogits#MOST}
   * @return the best, valid until the next call
   */
  TopLogits top(int[] rows, int count, int best);

  /**
   * Bytes its part of the KV cache holds now.
   *
   * @return allocated bytes
   */
  long cacheBytes();

  @Override
  void close();
}

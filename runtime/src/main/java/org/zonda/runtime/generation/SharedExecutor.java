package org.zonda.runtime.generation;

import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.zonda.model.ZondaException;
import org.zonda.runtime.backend.Executor;
import org.zonda.runtime.backend.OperationListener;

/**
 * Lets many threads use one executor: one forward pass at a time, in the order of asking, and one
 * sequence of the KV cache for each user. Thread-safe.
 */
public final class SharedExecutor implements AutoCloseable {

  private final ReentrantLock lock = new ReentrantLock(true);
  private final Executor executor;
  private final String label;
  private final BitSet taken = new BitSet();
  private boolean closed;

  /**
   * Shares an executor.
   *
   * @param executor owned from now on
   * @param label what messages call the model
   */
  public SharedExecutor(Executor executor, String label) {
    this.executor = executor;
    this.label = label;
  }

  /**
   * Takes an empty sequence.
   *
   * @return the sequence, to be closed
   * @throws ZondaException if all are taken or the model is closed
   */
  public Sequence open() {
    return locked(
        () -> {
          checkOpen();
          int slot = taken.nextClearBit(0);
          int sequences = executor.options().sequences();
          if (slot >= sequences) {
            throw new ZondaException(
                label
                    + ": all "
                    + sequences
                    + " sequences are in use; close a chat or a stream, wait for a generation to"
                    + " end, or open the model with more sequences");
          }
          taken.set(slot);
          return new Sequence(this, slot);
        });
  }

  /**
   * Positions a sequence may have.
   *
   * @return the context's length
   */
  public int contextLength() {
    return executor.options().contextLength();
  }

  /**
   * Tokens that one pass takes.
   *
   * @return the chunk in which prompts are read
   */
  public int batchSize() {
    return executor.options().batchSize();
  }

  /**
   * Logits of a position.
   *
   * @return the model's vocabulary size
   */
  public int vocabularySize() {
    return executor.transformer().vocabularySize();
  }

  /**
   * Who hears what passes consist of.
   *
   * @return the listener with which the model was loaded
   */
  Optional<OperationListener> listener() {
    return executor.options().listener();
  }

  /**
   * Bytes the KV cache holds now.
   *
   * @return allocated bytes
   * @throws ZondaException if the model is closed
   */
  public long cacheBytes() {
    return locked(
        () -> {
          checkOpen();
          return executor.cacheBytes();
        });
  }

  /**
   * Refuses the use of a closed model.
   *
   * @throws ZondaException if it is closed
   */
  public void requireOpen() {
    locked(
        () -> {
          checkOpen();
          return true;
        });
  }

  /**
   * Waits for the pass that runs, if any, and frees the executor. Its sequences' later passes do
   * nothing.
   */
  @Override
  public void close() {
    locked(
        () -> {
          if (!closed) {
            closed = true;
            executor.close();
          }
          return true;
        });
  }

  /** Runs a pass and reads what it gives; false if the sequence or the model is closed. */
  boolean pass(Sequence sequence, Consumer<Executor> pass) {
    return locked(
        () -> {
          if (closed || sequence.isClosed()) {
            return false;
          }
          pass.accept(executor);
          return true;
        });
  }

  /** Shortens a sequence, if it and the model are open. */
  void truncate(Sequence sequence, int length) {
    locked(
        () -> {
          if (!closed && !sequence.isClosed()) {
            executor.truncate(sequence.slot(), length);
          }
          return true;
        });
  }

  /** Frees a sequence; once only. */
  void release(Sequence sequence) {
    locked(
        () -> {
          if (sequence.markClosed()) {
            taken.clear(sequence.slot());
            if (!closed) {
              executor.truncate(sequence.slot(), 0);
            }
          }
          return true;
        });
  }

  private void checkOpen() {
    if (closed) {
      throw new ZondaException(label + ": the model is closed; open it again to use it");
    }
  }

  private <T> T locked(Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }
}

package org.zonda.runtime.embedding;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import org.zonda.model.ZondaException;
import org.zonda.model.architecture.Pooling;
import org.zonda.runtime.backend.Executor;

/** Computes the vectors of texts that are tokens already. Thread-safe: one call at a time. */
public final class Embedder implements AutoCloseable {

  /** What a run of an executor does. */
  private interface Run {
    void on(Passes passes);
  }

  private final ReentrantLock lock = new ReentrantLock(true);
  private final Executor executor;
  private final String label;
  private boolean closed;

  /**
   * Takes an executor over.
   *
   * @param executor owned from now on
   * @param label what messages call the model
   */
  public Embedder(Executor executor, String label) {
    this.executor = executor;
    this.label = label;
  }

  /**
   * Computes a vector a text.
   *
   * @param texts tokens, at least one each
   * @param pooling how they become one vector
   * @param normalised whether to scale vectors to length 1
   * @param done hears, on this thread, how many texts are done; may not use this model
   * @return a vector a text, in their order
   * @throws ZondaException if the model is closed, a token is unknown, or a vector is not finite
   */
  public float[][] pooled(
      List<int[]> texts, Pooling pooling, boolean normalised, IntConsumer done) {
    float[][] vectors = new float[texts.size()][];
    int[] count = new int[1];
    run(
        passes -> {
          for (int i = 0; i < vectors.length; i++) {
            int text = i;
            Pool pool = new Pool(pooling, texts.get(i).length, width());
            passes.add(
                new Passes.Text(
                    texts.get(i),
                    pool,
                    () -> {
                      vectors[text] = finite(pool.vector(normalised));
                      done.accept(++count[0]);
                    }));
          }
        });
    return vectors;
  }

  /**
   * Computes a vector a token.
   *
   * @param texts tokens, at least one each
   * @param normalised whether to scale vectors to length 1
   * @param done hears, on this thread, how many texts are done; may not use this model
   * @return a row a token, for each text
   * @throws ZondaException as {@link #pooled}
   */
  public float[][][] ofTokens(List<int[]> texts, boolean normalised, IntConsumer done) {
    float[][][] vectors = new float[texts.size()][][];
    int[] count = new int[1];
    run(
        passes -> {
          for (int i = 0; i < vectors.length; i++) {
            float[][] rows = new float[texts.get(i).length][];
            vectors[i] = rows;
            passes.add(
                new Passes.Text(
                    texts.get(i),
                    (position, values, offset) -> {
                      Pool one = new Pool(Pooling.LAST, 1, width());
                      one.take(0, values, offset);
                      rows[position] = finite(one.vector(normalised));
                    },
                    () -> done.accept(++count[0])));
          }
        });
    return vectors;
  }

  private void run(Run run) {
    refuseFromCallback();
    lock.lock();
    try {
      requireOpen();
      try {
        Passes passes = new Passes(executor);
        run.on(passes);
        passes.finish();
      } catch (RuntimeException | Error e) {
        try {
          Passes.clear(executor);
        } catch (RuntimeException clearing) {
          e.addSuppressed(clearing);
        }
        throw e;
      }
    } finally {
      lock.unlock();
    }
  }

  /** The call whose callback runs is in the middle of a pass. */
  private void refuseFromCallback() {
    if (lock.isHeldByCurrentThread()) {
      throw new IllegalStateException(
          label
              + ": what hears of finished texts cannot use or close the model that computes them");
    }
  }

  private float[] finite(float[] vector) {
    for (float value : vector) {
      if (!Float.isFinite(value)) {
        throw new ZondaException(
            label + ": the embedding has a value of " + value + "; the weights are damaged");
      }
    }
    return vector;
  }

  /**
   * The width of a vector.
   *
   * @return floats
   */
  public int width() {
    return executor.transformer().outputWidth();
  }

  /**
   * Tokens that a text may have.
   *
   * @return the context's length
   */
  public int contextLength() {
    return executor.options().contextLength();
  }

  /**
   * Refuses the use of a closed model.
   *
   * @throws ZondaException if it is closed
   */
  public void requireOpen() {
    lock.lock();
    try {
      if (closed) {
        throw new ZondaException(label + ": the model is closed; open it again to use it");
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the call that runs, if any, and frees the executor. */
  @Override
  public void close() {
    refuseFromCallback();
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        executor.close();
      }
    } finally {
      lock.unlock();
    }
  }
}

package org.zonda.bench;

import java.util.SplittableRandom;
import org.zonda.runtime.backend.Batch;
import org.zonda.runtime.backend.Executor;

/**
 * Forward passes of random tokens on the first sequence of an executor, as llama.cpp's {@code
 * llama-bench} makes them: no sampling, and of each batch only the last token's logits.
 */
public final class Passes {

  private final Executor executor;

  /**
   * Takes an executor.
   *
   * @param executor a loaded model; stays open
   */
  public Passes(Executor executor) {
    this.executor = executor;
  }

  /**
   * Appends tokens to the sequence.
   *
   * @param tokens how many
   * @param tokensPerBatch how many at a time
   */
  public void run(int tokens, int tokensPerBatch) {
    SplittableRandom random = new SplittableRandom(1);
    Batch batch = new Batch();
    for (int done = 0; done < tokens; done += batch.size()) {
      batch.clear();
      int first = executor.length(0);
      for (int i = 0; i < tokensPerBatch; i++) {
        int token = random.nextInt(executor.transformer().vocabularySize());
        batch.add(0, token, first + i, i == tokensPerBatch - 1);
      }
      executor.forward(batch);
    }
  }

  /**
   * Brings the sequence to a length.
   *
   * @param depth the length
   */
  public void fill(int depth) {
    executor.truncate(0, Math.min(depth, executor.length(0)));
    int missing = depth - executor.length(0);
    if (missing > 0) {
      run(missing, missing);
    }
  }
}

package org.zonda.bench;

import java.util.SplittableRandom;
import org.zonda.runtime.backend.Batch;
import org.zonda.runtime.backend.Executor;

/**
 * Forward passes of random tokens, as llama.cpp's {@code llama-bench} and {@code
 * llama-batched-bench} make them: no sampling, of a prompt only the last token's logits, of texts
 * every token's.
 */
public final class Passes {

  private final Executor executor;
  private final Batch batch = new Batch();

  /**
   * Takes an executor.
   *
   * @param executor a loaded model; stays open
   */
  public Passes(Executor executor) {
    this.executor = executor;
  }

  /**
   * Appends a prompt to the first sequence, in one batch.
   *
   * @param tokens how many
   */
  public void read(int tokens) {
    SplittableRandom random = new SplittableRandom(1);
    batch.clear();
    int first = executor.length(0);
    for (int i = 0; i < tokens; i++) {
      batch.add(0, token(random), first + i, i == tokens - 1);
    }
    executor.forward(batch);
  }

  /**
   * Appends tokens one by one to the first sequences; a batch has one token of each.
   *
   * @param tokens how many, of each sequence
   * @param sequences how many
   */
  public void write(int tokens, int sequences) {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < tokens; i++) {
      batch.clear();
      for (int sequence = 0; sequence < sequences; sequence++) {
        batch.add(sequence, token(random), executor.length(sequence), true);
      }
      executor.forward(batch);
    }
  }

  /**
   * Brings sequences to a length; all others are emptied. The first is read as far as it is too
   * short, the others begin as that one does and share its part of the KV cache.
   *
   * @param depth the length
   * @param sequences how many
   */
  public void begin(int depth, int sequences) {
    for (int other = 1; other < executor.options().sequences(); other++) {
      executor.truncate(other, 0);
    }
    executor.truncate(0, Math.min(depth, executor.length(0)));
    if (executor.length(0) < depth) {
      read(depth - executor.length(0));
    }
    for (int other = 1; other < sequences; other++) {
      executor.fork(0, other, depth);
    }
  }

  private int token(SplittableRandom random) {
    return random.nextInt(executor.transformer().vocabularySize());
  }
}

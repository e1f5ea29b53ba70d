package org.zonda.bench.micro;

import org.zonda.model.graph.Transformer;
import org.zonda.runtime.backend.Backend;
import org.zonda.runtime.backend.Batch;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.backend.Executor;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.Logits;
import org.zonda.runtime.cpu.CpuBackend;

/** A tiny model on the CPU, and the batch that a benchmark runs again and again. */
final class Loaded implements AutoCloseable {

  private final TinyModel weights;
  private final Backend backend;
  private final Executor executor;
  private final Batch batch = new Batch();
  private final int depth;

  /**
   * @param weights owned from now on
   * @param threads of the backend; 0 is one a core
   * @param depth positions that are in the cache before
   * @param tokens of the batch
   * @param outputs whether all rows are wanted, or only the last
   */
  Loaded(
      Transformer transformer,
      TinyModel weights,
      int threads,
      CacheType cacheType,
      int depth,
      int tokens,
      boolean outputs) {
    this.weights = weights;
    this.depth = depth;
    backend = new CpuBackend(threads, false, 0);
    executor =
        backend.load(transformer, weights, new ExecutorOptions(depth + tokens, 1, 512, cacheType));
    if (depth > 0) {
      executor.forward(fill(new Batch(), 0, depth, false));
    }
    fill(batch, depth, tokens, outputs);
  }

  private static Batch fill(Batch batch, int from, int tokens, boolean outputs) {
    for (int i = 0; i < tokens; i++) {
      int position = from + i;
      batch.add(0, position % TinyModel.TOKENS, position, outputs || i == tokens - 1);
    }
    return batch;
  }

  /** One pass. */
  Logits run() {
    executor.truncate(0, depth);
    return executor.forward(batch);
  }

  @Override
  public void close() {
    executor.close();
    backend.close();
    weights.close();
  }
}

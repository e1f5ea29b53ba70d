package org.zonda.runtime.backend;

/**
 * How a model is to be loaded.
 *
 * @param contextLength positions a sequence may have
 * @param sequences sequences that may be in the KV cache at once
 * @param batchSize tokens that one pass takes at most; longer batches run in chunks
 * @param cacheType how keys and values are stored
 */
public record ExecutorOptions(
    int contextLength, int sequences, int batchSize, CacheType cacheType) {

  /** Checks the numbers. */
  public ExecutorOptions {
    if (contextLength < 1 || sequences < 1 || batchSize < 1) {
      throw new IllegalArgumentException(
          "context length, sequences and batch size must be at least 1");
    }
  }
}

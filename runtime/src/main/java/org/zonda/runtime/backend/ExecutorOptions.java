package org.zonda.runtime.backend;

import java.util.List;
import java.util.Optional;

/**
 * How a model is to be loaded.
 *
 * @param contextLength positions a sequence may have
 * @param sequences sequences that may be in the KV cache at once
 * @param batchSize tokens that one pass takes at most; longer batches run in chunks
 * @param cacheType how keys and values are stored
 * @param cachePositions positions of all sequences together that a cache of fixed size has room
 *     for; a cache that grows does not look at it
 * @param listener hears what each pass consists of
 * @param kernels that devices run instead of their own
 */
public record ExecutorOptions(
    int contextLength,
    int sequences,
    int batchSize,
    CacheType cacheType,
    long cachePositions,
    Optional<OperationListener> listener,
    List<KernelSwap> kernels) {

  /** Checks the numbers. */
  public ExecutorOptions {
    if (contextLength < 1 || sequences < 1 || batchSize < 1) {
      throw new IllegalArgumentException(
          "context length, sequences and batch size must be at least 1");
    }
    kernels = List.copyOf(kernels);
    if (cachePositions < contextLength) {
      throw new IllegalArgumentException(
          "a cache of " + cachePositions + " positions for a context of " + contextLength);
    }
  }

  /**
   * With room for every sequence to be as long as the context.
   *
   * @param contextLength positions a sequence may have
   * @param sequences sequences that may be in the KV cache at once
   * @param batchSize tokens that one pass takes at most
   * @param cacheType how keys and values are stored
   */
  public ExecutorOptions(int contextLength, int sequences, int batchSize, CacheType cacheType) {
    this(contextLength, sequences, batchSize, cacheType, (long) contextLength * sequences);
  }

  /**
   * Without a listener, and with devices' own kernels.
   *
   * @param contextLength positions a sequence may have
   * @param sequences sequences that may be in the KV cache at once
   * @param batchSize tokens that one pass takes at most
   * @param cacheType how keys and values are stored
   * @param cachePositions positions of all sequences together
   */
  public ExecutorOptions(
      int contextLength, int sequences, int batchSize, CacheType cacheType, long cachePositions) {
    this(
        contextLength,
        sequences,
        batchSize,
        cacheType,
        cachePositions,
        Optional.empty(),
        List.of());
  }

  /**
   * The same with a listener.
   *
   * @param value hears what each pass consists of; empty for nobody
   * @return options with it
   */
  public ExecutorOptions withListener(Optional<OperationListener> value) {
    return new ExecutorOptions(
        contextLength, sequences, batchSize, cacheType, cachePositions, value, kernels);
  }

  /**
   * The same with other kernels.
   *
   * @param value what devices run instead of their own
   * @return options with them
   */
  public ExecutorOptions withKernels(List<KernelSwap> value) {
    return new ExecutorOptions(
        contextLength, sequences, batchSize, cacheType, cachePositions, listener, value);
  }
}

package org.zonda.runtime;

import java.util.Objects;
import org.zonda.model.ZondaException;
import org.zonda.runtime.backend.CacheType;

/**
 * How to open a model. A value out of its range is refused with a {@link ZondaException} that names
 * it.
 *
 * @param contextLength positions a sequence may have, at most what the model was made for; 0 for
 *     just that
 * @param sequences generations and chats that may be open at once, at least 1; the KV cache grows
 *     as they do
 * @param batchSize tokens that one pass of the prefill takes, at least 1
 * @param threads worker threads; 0 for one a core
 * @param cacheType how the KV cache stores numbers
 */
public record LoadOptions(
    int contextLength, int sequences, int batchSize, int threads, CacheType cacheType) {

  /** What suits most: the model's context, 8 sequences, a thread a core, an F16 cache. */
  public static final LoadOptions DEFAULT = new LoadOptions(0, 8, 512, 0, CacheType.F16);

  /** Checks every value. */
  public LoadOptions {
    check("context length", contextLength, 0);
    check("number of sequences", sequences, 1);
    check("batch size", batchSize, 1);
    check("number of threads", threads, 0);
    Objects.requireNonNull(cacheType, "cacheType");
  }

  public LoadOptions withContextLength(int value) {
    return new LoadOptions(value, sequences, batchSize, threads, cacheType);
  }

  public LoadOptions withSequences(int value) {
    return new LoadOptions(contextLength, value, batchSize, threads, cacheType);
  }

  public LoadOptions withBatchSize(int value) {
    return new LoadOptions(contextLength, sequences, value, threads, cacheType);
  }

  public LoadOptions withThreads(int value) {
    return new LoadOptions(contextLength, sequences, batchSize, value, cacheType);
  }

  public LoadOptions withCacheType(CacheType value) {
    return new LoadOptions(contextLength, sequences, batchSize, threads, value);
  }

  private static void check(String name, int value, int least) {
    if (value < least) {
      throw new ZondaException(name + " is " + value + "; it must be " + least + " or more");
    }
  }
}

package org.zonda.runtime;

import org.zonda.runtime.backend.CacheType;

/**
 * How to open a model.
 *
 * @param contextLength positions a sequence may have; 0 for what the model was made for
 * @param sequences generations and chats that may be open at once; the KV cache grows as they do
 * @param batchSize tokens that one pass of the prefill takes
 * @param threads worker threads; 0 for one a core
 * @param cacheType how the KV cache stores numbers
 */
public record LoadOptions(
    int contextLength, int sequences, int batchSize, int threads, CacheType cacheType) {

  /** What suits most: the model's context, 8 sequences, a thread a core, an F16 cache. */
  public static final LoadOptions DEFAULT = new LoadOptions(0, 8, 512, 0, CacheType.F16);
}

package org.zonda.runtime.backend;

/** How keys and values are stored in the KV cache. */
public enum CacheType {
  F16,
  F32
}

package org.zonda.runtime.backend;

/** How keys and values are stored in the KV cache. */
public enum CacheType {
  F16(Short.BYTES),
  F32(Float.BYTES);

  private final int bytes;

  CacheType(int bytes) {
    this.bytes = bytes;
  }

  /**
   * The size of a number.
   *
   * @return bytes
   */
  public int bytes() {
    return bytes;
  }
}

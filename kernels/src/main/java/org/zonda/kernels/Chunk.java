package org.zonda.kernels;

/**
 * How inputs lie in local memory while {@code matvec} and {@code gated} work on packed weights.
 *
 * <p>A lane that decodes a word of 4, 8 or 16 weights needs as many neighbouring inputs, so that
 * the lanes of a warp would each read another sector of the cache: at 8 weights a word, 64 cache
 * accesses for 128 bytes of weights. So a group copies {@link #COLUMNS} inputs at a time to local
 * memory, those with equal place in their word together, where neighbouring lanes then read
 * neighbouring floats; all output rows of the group share the copy. Rows of places are padded so
 * that copying meets different banks too.
 */
public final class Chunk {

  /** Inputs of a copy. */
  public static final int COLUMNS = 1024;

  /** Floats of the local array. */
  public static final int SIZE = COLUMNS + 32;

  private Chunk() {}

  /** From the inputs of one place in their word to those of the next. */
  public static int stride(int perWord) {
    return SIZE / perWord;
  }

  /** Where input k of the chunk lies. */
  public static int place(int k, int perWord) {
    return (k % perWord) * stride(perWord) + k / perWord;
  }

  /** Inputs of the chunk that begins at column {@code first}. */
  public static int width(int first, int columns) {
    int width = columns - first;
    if (width > COLUMNS) {
      width = COLUMNS;
    }
    return width;
  }
}

package org.zonda.kernels;

/**
 * The tiled product of many rows: what the {@code matmul} kernels share.
 *
 * <p>A group computes a square of {@code tile} output rows by {@code tile} pass rows, {@code tile}
 * being a multiple of 16 up to 64, with {@code tile * tile / 16} items in x (64 for a tile of 32,
 * 256 for one of 64); each item has 4 by 4 of the results. The grid has {@code ceil(rows / tile)}
 * groups in x and at least {@code ceil(R / tile)} groups (of size 1) in y.
 */
public final class Tiles {

  private Tiles() {}

  /** Work-items of a group for a tile of the given side. */
  public static int groupSize(int tile) {
    return tile * tile / 16;
  }
}

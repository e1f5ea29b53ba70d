package org.zonda.runtime.cpu;

import java.util.ArrayList;
import java.util.List;

/** Which ways to multiply there are, the preferred ones first. */
final class Ways {

  /** From so many tokens on, decoding a tile to floats pays. */
  private static final int DECODED_TOKENS = 6;

  /** From so many tokens on, unpacking a tile to bytes pays. */
  private static final int UNPACKED_TOKENS = 24;

  /** From so many tokens on, decoding a tile to bfloat16 pays. */
  private static final int TILE_TOKENS = 32;

  private Ways() {}

  /** Java alone. */
  static List<Way> java(Kernels kernels, int workers) {
    return List.of(new DotWay(DECODED_TOKENS - 1), new DecodedWay(kernels, workers));
  }

  /**
   * Machine code for what it has, and Java for the rest; only where machine code runs.
   *
   * @param exact whether activations and weights are multiplied as they are
   */
  static List<Way> machine(Kernels kernels, int workers, boolean exact) {
    List<Way> ways = new ArrayList<>();
    if (!exact) {
      ways.add(new RoundedDotWay(UNPACKED_TOKENS - 1));
      if (TileGemm.isAvailable()) {
        ways.add(new GemmWay(new TileGemm(workers), TILE_TOKENS, VectorKernels::isCoarse));
      }
      if (BlockGemm.isAvailable()) {
        ways.add(new GemmWay(new BlockGemm(workers), UNPACKED_TOKENS, VectorKernels::isCoarse));
      }
    }
    ways.add(new FloatDotWay(DECODED_TOKENS - 1));
    if (FloatGemm.isAvailable()) {
      ways.add(new GemmWay(new FloatGemm(workers), DECODED_TOKENS, type -> true));
    }
    ways.addAll(java(kernels, workers));
    return ways;
  }
}

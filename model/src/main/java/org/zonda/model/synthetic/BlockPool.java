package org.zonda.model.synthetic;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.zonda.model.tensor.Codec;
import org.zonda.model.tensor.TensorType;

/**
 * Encoded random numbers to fill tensors with: a pool of normal values is encoded once, and a
 * tensor is pieces of it from random blocks on. So a gigabyte is made at the speed of memory, in
 * any format that has a codec.
 */
final class BlockPool {

  /** Receives the pieces of a tensor in order. */
  @FunctionalInterface
  interface Sink<E extends Exception> {
    void accept(MemorySegment piece) throws E;
  }

  private static final int VALUES = 1 << 19;

  private final MemorySegment bytes;
  private final int blockBytes;
  private final int blocks;

  /** Encodes values of a mean and a standard deviation. */
  BlockPool(Codec codec, float mean, float deviation, SplittableRandom random) {
    TensorType type = codec.type();
    float[] values = new float[VALUES];
    for (int i = 0; i < VALUES; i++) {
      values[i] = mean + deviation * (float) random.nextGaussian();
    }
    bytes = Arena.ofAuto().allocate(type.bytes(VALUES));
    codec.encode(values, 0, bytes, 0, VALUES);
    blockBytes = type.blockBytes();
    blocks = VALUES / type.blockElements();
  }

  /**
   * Makes a tensor.
   *
   * @param size its bytes, a whole number of blocks
   * @param random where in the pool the pieces begin
   * @param sink receives them
   */
  <E extends Exception> void fill(long size, SplittableRandom random, Sink<E> sink) throws E {
    for (long remaining = size; remaining > 0; ) {
      long first = (long) random.nextInt(blocks / 2) * blockBytes;
      long length = Math.min(remaining, (long) (blocks / 2) * blockBytes);
      sink.accept(bytes.asSlice(first, length));
      remaining -= length;
    }
  }
}
